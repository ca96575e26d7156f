import { decodeJson, type JournalName } from '@tollgate/events';
import { z } from 'zod';
import { BusError } from './bus-error.js';
import { pause, type Clock } from './clock.js';
import type { MessageBus } from './message-bus.js';
import { questionSubject } from './names.js';

const question = z.object({ about: z.string(), details: z.unknown() });
/** A plain question to the owner of a stage's partition: stored nowhere. */
export type Question = z.output<typeof question>;

/** Undefined for anything that is no question. */
export function readQuestion(text: string): Question | undefined {
  try {
    return question.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** One that dies while asked never answers; its successor is asked again. */
const ASK_MS = 2_000;
const AGAIN_MS = 100;

export interface Asking {
  readonly bus: Pick<MessageBus, 'ask'>;
  readonly clock: Clock;
  /** Ms since the epoch. */
  readonly until: number;
}

/**
 * What the owner of a stage's partition says.
 *
 * @throws BusError `unavailable` when nobody has answered in time
 */
export function askOwner(asking: Asking, stage: JournalName, partition: number, wanted: Question): Promise<unknown> {
  return askUntilAnswered(asking, questionSubject(stage, partition), wanted);
}

/** @throws BusError `unavailable` when nobody has answered in time */
export async function askUntilAnswered({ bus, clock, until }: Asking, subject: string, body: object): Promise<unknown> {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  for (;;) {
    const left = until - clock.now();
    if (left <= 0) throw new BusError('unavailable', 'nobody answers');
    try {
      return decodeJson(await bus.ask(subject, bytes, Math.min(left, ASK_MS)));
    } catch (error) {
      if (!(error instanceof BusError)) throw error;
      await pause(clock, Math.min(AGAIN_MS, left));
    }
  }
}
