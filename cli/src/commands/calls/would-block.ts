import { plain } from '../../text/plain.js';

/** What a policy that only observes lets through, and would not otherwise (contract section 4). */
export interface WouldBlock {
  readonly policy_reason: string;
}

/** `undefined` where nothing would have been blocked. */
export function wouldBlockText(said: unknown): string | undefined {
  const reason = (said as WouldBlock | null | undefined)?.policy_reason;
  return typeof reason === 'string' ? `would be blocked: ${plain(reason)}` : undefined;
}
