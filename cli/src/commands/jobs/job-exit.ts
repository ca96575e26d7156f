import { EXIT, type ExitCode } from '../../exit-code.js';

/** Errors of a job that are something else to a script than that it has failed (contract 3.2). */
const BY_ERROR: Readonly<Record<string, ExitCode>> = {
  policy_blocked: EXIT.blocked,
  outcome_unknown: EXIT.inDoubt,
};

interface JobStanding {
  readonly status: string;
  readonly error_code: string | null;
}

/** What a script wants to know of a job. */
export function exitOfJob({ status, error_code }: JobStanding): ExitCode {
  if (status === 'failed') return BY_ERROR[error_code ?? ''] ?? EXIT.failed;
  return status === 'completed' || status === 'acquired' ? EXIT.done : EXIT.unavailable;
}
