/** What scripts can go by. */
export const EXIT = {
  done: 0,
  /** Refused by the server, or the tool failed. */
  failed: 1,
  /** Nothing was sent. */
  usage: 2,
  /** The server is away, busy, or still at it: the same again later. */
  unavailable: 3,
  /** A policy, a cap or the kill switch said no. */
  blocked: 4,
  /** Nobody knows whether the tool acted. */
  inDoubt: 5,
  /** Another has it, or it is done already. */
  taken: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** As the help shows them. */
export const EXIT_CODES: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done'],
  [EXIT.failed, 'refused by the server, or the tool failed; doctor: something is to be mended'],
  [EXIT.usage, 'wrong usage: nothing was sent'],
  [EXIT.unavailable, 'the server is away or busy, or a call or job still runs: the same again later'],
  [EXIT.blocked, 'blocked by a policy, a cap or the kill switch'],
  [EXIT.inDoubt, 'the outcome is unknown: look at the tool, then `calls resolve`'],
  [EXIT.taken, 'a duplicate: another has the key, or it is finished'],
  [EXIT.interrupted, 'ended by Ctrl-C'],
];
