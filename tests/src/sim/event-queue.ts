export interface Scheduled {
  readonly at: number;
  /** Breaks ties in the order of scheduling. */
  readonly order: number;
  run: (() => void) | undefined;
}

const before = (one: Scheduled, other: Scheduled): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** What happens next: a binary heap by time. */
export class EventQueue {
  private readonly heap: Scheduled[] = [];

  get size(): number {
    return this.heap.length;
  }

  push(item: Scheduled): void {
    const { heap } = this;
    heap.push(item);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(this.get(at), this.get(parent))) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): Scheduled | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    let at = 0;
    for (;;) {
      const left = at * 2 + 1;
      const right = left + 1;
      let next = at;
      if (left < heap.length && before(this.get(left), this.get(next))) next = left;
      if (right < heap.length && before(this.get(right), this.get(next))) next = right;
      if (next === at) return first;
      this.swap(at, next);
      at = next;
    }
  }

  private get(at: number): Scheduled {
    return this.heap[at] as Scheduled;
  }

  private swap(one: number, other: number): void {
    const kept = this.get(one);
    this.heap[one] = this.get(other);
    this.heap[other] = kept;
  }
}
