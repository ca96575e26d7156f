/** Whose event it is: one that is dead or paused does not play it now. */
export interface Player {
  readonly alive: boolean;
  play(event: Scheduled): void;
}

/** Something that is going to happen. */
export class Scheduled {
  /** Where it lies in the heap; -1 when it does not. */
  place = -1;

  constructor(
    readonly at: number,
    /** Breaks ties in the order of scheduling. */
    readonly order: number,
    /** Undefined once it is not wanted any more. */
    public run: (() => void) | undefined,
    readonly player: Player | undefined,
    /** Nobody waits for a promise that it settles. */
    readonly isSilent: boolean,
  ) {}
}

const before = (one: Scheduled, other: Scheduled): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** What happens next: a binary heap by time. What is cancelled leaves it at once, or time limits would fill it. */
export class EventQueue {
  private readonly heap: Scheduled[] = [];

  push(event: Scheduled): void {
    this.heap.push(event);
    this.rise(event, this.heap.length - 1);
  }

  get first(): Scheduled | undefined {
    return this.heap[0];
  }

  remove(event: Scheduled): void {
    const { place } = event;
    if (place < 0) return;
    event.place = -1;
    const last = this.heap.pop() as Scheduled;
    if (last === event) return;
    this.sink(last, place);
    this.rise(last, last.place);
  }

  private rise(event: Scheduled, from: number): void {
    const { heap } = this;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Scheduled;
      if (!before(event, parent)) break;
      this.put(parent, place);
      place = above;
    }
    this.put(event, place);
  }

  private sink(event: Scheduled, from: number): void {
    const { heap } = this;
    let place = from;
    for (;;) {
      let below = place * 2 + 1;
      if (below >= heap.length) break;
      let child = heap[below] as Scheduled;
      const other = heap[below + 1];
      if (other !== undefined && before(other, child)) {
        child = other;
        below += 1;
      }
      if (!before(child, event)) break;
      this.put(child, place);
      place = below;
    }
    this.put(event, place);
  }

  private put(event: Scheduled, place: number): void {
    this.heap[place] = event;
    event.place = place;
  }
}
