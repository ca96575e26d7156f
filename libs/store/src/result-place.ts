/**
 * Where the result of a call is: the ending event at (stream, seq, index) carries it as `outcome.result`, inline or
 * by the place of another event; `callId` is the call that it was sealed for. Results themselves are in journals only.
 */
export interface ResultPlace {
  readonly stream: string;
  readonly seq: number;
  readonly index: number;
  readonly callId: string;
}
