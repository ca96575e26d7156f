import { EXIT, type ExitCode } from '../../exit-code.js';
import type { Call } from './call-text.js';

/** What a script wants to know of a call. */
export function exitOfCall({ decision, policy_reason }: Pick<Call, 'decision' | 'policy_reason'>): ExitCode {
  switch (decision) {
    case 'blocked':
      return EXIT.blocked;
    case 'failed':
      return policy_reason === 'outcome_unknown' ? EXIT.inDoubt : EXIT.failed;
    case 'in_progress':
      return EXIT.unavailable;
    default:
      return EXIT.done;
  }
}
