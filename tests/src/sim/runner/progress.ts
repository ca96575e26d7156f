/** What {@link Progress} writes to: `process.stderr`, or a test's. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const REWRITE_MS = 200;
const LINE_MS = 5_000;
const CLEAR = '\r\x1b[2K';

/** Does something again and again until its answer is called. */
export type Every = (ms: number, work: () => void) => () => void;

const every: Every = (ms, work) => {
  const timer = setInterval(work, ms);
  return () => clearInterval(timer);
};

/** Says how far something is while it runs: on a terminal in one line that is rewritten, elsewhere in a line now and then. */
export class Progress {
  private readonly stop: () => void;
  private shown = '';

  constructor(
    private readonly screen: Screen,
    private readonly line: () => string,
    repeat = every,
  ) {
    this.stop = repeat(screen.isTTY === true ? REWRITE_MS : LINE_MS, () => this.show());
  }

  /** Says something that stays, by way of `print`. */
  say(print: () => void): void {
    if (this.shown !== '') this.screen.write(CLEAR);
    print();
    if (this.shown !== '') this.screen.write(this.shown);
  }

  end(): void {
    this.stop();
    if (this.shown !== '') this.screen.write(CLEAR);
    this.shown = '';
  }

  private show(): void {
    const line = this.line();
    if (this.screen.isTTY !== true) this.screen.write(`${line}\n`);
    else {
      // A line that wraps could not be rewritten.
      this.shown = line.slice(0, (this.screen.columns ?? 80) - 1);
      this.screen.write(CLEAR + this.shown);
    }
  }
}
