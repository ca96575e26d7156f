import type { AttemptAnswer, attemptEnded, CallHeader, DataOf } from '@tollgate/events';

/** What an owner knows of one of its attempts. */
export interface Word {
  readonly tenant: string;
  readonly call: CallHeader;
  readonly trace: string | undefined;
  readonly attempt: number;
  readonly answer: AttemptAnswer;
}

type Said = Pick<DataOf<typeof attemptEnded>, 'call' | 'attempt' | 'known'>;

/** Nothing is sent before the attempt is in the journal (rule 2): an owner that is shut out before knows that nothing was. */
const NOT_SENT: AttemptAnswer = { known: 'not_sent', code: 'internal_error' };

/** What an owner knows of its attempts and its journal does not say yet: if it is shut out now, its successor must be told. */
export class Unsaid {
  private readonly words = new Map<string, Map<number, Word>>();

  decided(attempt: Omit<Word, 'answer'>): void {
    this.answered({ ...attempt, answer: NOT_SENT });
  }

  answered(word: Word): void {
    const { callId } = word.call;
    const ofCall = this.words.get(callId) ?? new Map<number, Word>();
    this.words.set(callId, ofCall.set(word.attempt, word));
  }

  /** The journal says that the attempt began. */
  began(callId: string, attempt: number): void {
    const ofCall = this.words.get(callId);
    if (ofCall?.delete(attempt) === true && ofCall.size === 0) this.words.delete(callId);
  }

  /** The journal says how the attempt ended; of a word that came since, it does not. */
  said({ call: { callId }, attempt, known }: Said): void {
    if (this.words.get(callId)?.get(attempt)?.answer.known === known) this.began(callId, attempt);
  }

  /** The call has ended, and is not in doubt: nothing more is to be said. */
  ended(callId: string): void {
    this.words.delete(callId);
  }

  takeAll(): Word[] {
    const words = [...this.words.values()].flatMap((ofCall) => [...ofCall.values()]);
    this.words.clear();
    return words;
  }
}
