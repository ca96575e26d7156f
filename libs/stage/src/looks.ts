interface Look {
  readonly ends: ReadonlyMap<string, number>;
  readonly resolve: () => void;
  readonly reject: (why: Error) => void;
}

/** How far each source has been decided, and who waits for a source to have been decided to its end (rule 11). */
export class Looks {
  private readonly decided = new Map<string, number>();
  private waiting: Look[] = [];
  private abandoned: Error | undefined;

  /** Everything of `source` up to `seq` has been decided, by this owner or one before it. */
  passed(source: string, seq: number): void {
    this.decided.set(source, Math.max(seq, this.reached(source)));
    if (this.waiting.length > 0) this.settle();
  }

  /** Sequence up to which `source` has been decided; 0 when nothing of it has. */
  reached(source: string): number {
    return this.decided.get(source) ?? 0;
  }

  /** Resolves when each source has been decided up to the given sequence. */
  decidedUpTo(ends: ReadonlyMap<string, number>): Promise<void> {
    if (this.abandoned !== undefined) return Promise.reject(this.abandoned);
    return new Promise((resolve, reject) => {
      this.waiting.push({ ends, resolve, reject });
      this.settle();
    });
  }

  /** Nothing more is decided: who waits is told, and holds on to nothing. */
  abandon(why: Error): void {
    const { waiting } = this;
    this.waiting = [];
    this.abandoned = why;
    for (const look of waiting) look.reject(why);
  }

  private settle(): void {
    const settled = this.waiting.filter((look) => this.covers(look));
    if (settled.length === 0) return;
    this.waiting = this.waiting.filter((look) => !settled.includes(look));
    for (const look of settled) look.resolve();
  }

  private covers({ ends }: Look): boolean {
    return [...ends].every(([source, seq]) => this.reached(source) >= seq);
  }
}
