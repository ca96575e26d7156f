import type { Draft } from '@tollgate/events';
import {
  BusError,
  systemClock,
  writeConfig,
  type Clock,
  type ConfigState,
  type Expectation,
  type MessageBus,
} from '@tollgate/journal';
import { unavailable } from '../http/contract-error.js';
import type { CurrentConfig } from './current-config.js';

/** What to change, decided from what is there. */
export interface Edit<T> {
  /** Last sequence of the thing's subject: what the decision was made from. */
  readonly seq: number;
  /** Undefined when the thing already is as wanted: a repeat changes nothing. */
  readonly change: Draft | undefined;
  /** The decision looked at more than its own thing: whatever of CONFIG changed meanwhile, it is made again. */
  readonly alone?: boolean;
  readonly outcome: T;
}

export interface Edited<T> {
  /** CONFIG says it from this sequence on. */
  readonly seq: number;
  readonly outcome: T;
}

/** Each lost race means that another one was won. */
const MAX_RACES = 20;

/** Concurrent edits are told by last sequences; the loser decides again from what it is now. */
export class ConfigEdits {
  /** Losers of this gateway try again one after the other: all at once they would lose to each other. */
  private line: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly bus: MessageBus,
    private readonly config: CurrentConfig,
    private readonly clock: Clock = systemClock,
  ) {}

  async edit<T>(subject: string, decide: (state: ConfigState) => Edit<T>): Promise<Edited<T>> {
    for (let races = 0; races < MAX_RACES; races += 1) {
      const attempt = (): Promise<Edited<T> | undefined> => this.attempt(subject, decide);
      const edited = await (races === 0 ? attempt() : this.inLine(attempt));
      if (edited !== undefined) return edited;
    }
    throw unavailable('Too many others change this at the moment');
  }

  /** Undefined when somebody else was first. */
  private async attempt<T>(subject: string, decide: (state: ConfigState) => Edit<T>): Promise<Edited<T> | undefined> {
    await this.config.readToEnd();
    const { state } = this.config;
    const { seq, change, outcome, alone = false } = decide(state);
    if (change === undefined) return { seq, outcome };
    const written = await this.write(subject, change, alone ? { lastSeq: state.seq } : { lastSubjectSeq: seq });
    return written === undefined ? undefined : { seq: written, outcome };
  }

  private inLine<T>(attempt: () => Promise<T>): Promise<T> {
    const mine = this.line.then(attempt);
    this.line = mine.catch(() => undefined);
    return mine;
  }

  /** Undefined when somebody else was first. */
  private async write(subject: string, change: Draft, expected: Expectation): Promise<number | undefined> {
    try {
      const seq = await writeConfig(this.bus, subject, change, expected, this.clock.now());
      await this.config.reached(seq);
      return seq;
    } catch (error) {
      if (error instanceof BusError && error.code === 'wrong_last_sequence') return undefined;
      throw error;
    }
  }
}
