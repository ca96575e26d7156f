import { readQuestion } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import type { OwnerLoop } from './owner-loop.js';
import type { Answer } from './stage-definition.js';

export interface AnsweringParts<S> {
  readonly answer: Answer<S>;
  readonly loop: Pick<OwnerLoop<S>, 'turnNow' | 'inJournal'>;
  /** Resolves when the stage has decided its inputs up to their ends as of now. */
  readonly look: () => Promise<void>;
  readonly isOwner: () => boolean;
  readonly log: Logger;
}

/** What an owner says to a plain question; undefined, and so left to whoever is asked again, where it cannot be sure. */
export async function answerTo<S>(text: string, parts: AnsweringParts<S>): Promise<string | undefined> {
  const { answer, loop, look, isOwner, log } = parts;
  const question = readQuestion(text);
  if (question === undefined || !isOwner()) return undefined;
  const { about, details } = question;
  try {
    await look();
    const said = await answer(about, details, loop.turnNow());
    // The state runs ahead of the journal: what it says may never have happened (rule 2).
    await loop.inJournal();
    return said === undefined || !isOwner() ? undefined : JSON.stringify(said);
  } catch {
    // What was thrown may quote the question (G6).
    log.warn('a question could not be answered', { about });
    return undefined;
  }
}
