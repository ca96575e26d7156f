interface Action {
  readonly callId: string;
  readonly at: number;
}

const LEAST_GONE = 1_000;

/**
 * Admissions in their order, as a rolling window counts them. A queue beside a set: a Map that always loses its oldest
 * entry is walked over its gaps, and an agent without a cap may have millions in an hour.
 */
export class Actions {
  private readonly counted = new Set<string>();
  private queue: Action[] = [];
  private oldest = 0;

  /** The same again, from a copy that has lost its class. */
  static from(copy: Actions): Actions {
    const actions = new Actions();
    for (const { callId, at } of copy.queue.slice(copy.oldest)) {
      actions.queue.push({ callId, at });
      if (copy.counted.has(callId)) actions.counted.add(callId);
    }
    return actions;
  }

  /** How many count, as of the last time that some were forgotten. */
  get size(): number {
    return this.counted.size;
  }

  add(callId: string, at: number): void {
    this.counted.add(callId);
    this.queue.push({ callId, at });
  }

  /** The call does not count after all. */
  giveBack(callId: string): void {
    this.counted.delete(callId);
  }

  /** Forgets what was admitted at `until` or before, and answers those calls. */
  forget(until: number): readonly string[] {
    const gone: string[] = [];
    for (let next = this.queue[this.oldest]; next !== undefined && next.at <= until; next = this.queue[this.oldest]) {
      this.oldest += 1;
      if (this.counted.delete(next.callId)) gone.push(next.callId);
    }
    this.dropGone();
    return gone;
  }

  /** How many were admitted behind `since`. */
  countSince(since: number): number {
    let before = 0;
    for (let place = this.oldest; (this.queue[place]?.at ?? Infinity) <= since; place++) {
      if (this.isCounted(place)) before += 1;
    }
    return this.counted.size - before;
  }

  /** When the oldest of the newest `count` was admitted: once it has left, fewer than `count` are left. */
  nthNewest(count: number): number | undefined {
    let found = 0;
    for (let place = this.queue.length - 1; place >= this.oldest; place--) {
      if (this.isCounted(place)) found += 1;
      if (found === count) return this.queue[place]?.at;
    }
    return undefined;
  }

  private isCounted(place: number): boolean {
    const action = this.queue[place];
    return action !== undefined && this.counted.has(action.callId);
  }

  private dropGone(): void {
    if (this.oldest < LEAST_GONE || this.oldest * 2 < this.queue.length) return;
    this.queue = this.queue.slice(this.oldest);
    this.oldest = 0;
  }
}
