import type { Draft } from '@tollgate/events';
import { BusError, systemClock, writeConfig, type Clock, type ConfigState, type MessageBus } from '@tollgate/journal';
import { unavailable } from '../http/contract-error.js';
import type { CurrentConfig } from './current-config.js';

/** What to change, decided from what is there. */
export interface Edit<T> {
  /** Last sequence of the thing's subject: what the decision was made from. */
  readonly seq: number;
  /** Undefined when the thing already is as wanted: a repeat changes nothing. */
  readonly change: Draft | undefined;
  readonly outcome: T;
}

export interface Edited<T> {
  /** CONFIG says it from this sequence on. */
  readonly seq: number;
  readonly outcome: T;
}

/** Each lost race means that another one was won. */
const MAX_RACES = 20;

/** Concurrent edits of one thing are told by its last sequence; the loser decides again from what it is now. */
export class ConfigEdits {
  constructor(
    private readonly bus: MessageBus,
    private readonly config: CurrentConfig,
    private readonly clock: Clock = systemClock,
  ) {}

  async edit<T>(subject: string, decide: (state: ConfigState) => Edit<T>): Promise<Edited<T>> {
    for (let races = 0; races < MAX_RACES; races += 1) {
      await this.config.readToEnd();
      const { seq, change, outcome } = decide(this.config.state);
      if (change === undefined) return { seq, outcome };
      const written = await this.write(subject, change, seq);
      if (written !== undefined) return { seq: written, outcome };
    }
    throw unavailable('Too many others change this at the moment');
  }

  /** Undefined when somebody else was first. */
  private async write(subject: string, change: Draft, expected: number): Promise<number | undefined> {
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
