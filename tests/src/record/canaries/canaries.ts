import { randomBytes } from 'node:crypto';

/** What must not be found, each under a name of its own; all but the keys contain the mark of this run. */
export class Canaries {
  /** Letters and digits only: no escaping changes it, so one search finds every canary that contains it. */
  readonly mark = `cnry${randomBytes(8).toString('hex')}`;
  /** In what the test itself writes into CALLS in the clear, which the broker therefore keeps. */
  readonly stray = `stray${randomBytes(8).toString('hex')}`;
  /** A number that nobody else writes. */
  readonly number = Number(`7${randomBytes(6).readUIntBE(0, 6).toString().padStart(15, '3').slice(-14)}`);
  /** API keys: random by themselves. */
  readonly keys: string[] = [];

  /** Ends in what JSON and base64 treat differently. */
  of = (place: string): string => `${this.mark}.${place}."é\\`;

  /** As long as said, with a canary at both ends and in the middle. */
  long(place: string, length: number): string {
    const filling = 'x'.repeat(length / 2);
    return `${this.of(`${place}-begin`)}${filling}${this.of(`${place}-middle`)}${filling}${this.of(`${place}-end`)}`;
  }
}
