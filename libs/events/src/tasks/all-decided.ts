/**
 * A plain question to policy. It is answered once everything that CALLS held when it was asked is decided, and in the
 * journal: a call that the asker has not heard of then was not in CALLS.
 */
export const ALL_DECIDED = 'all-decided';
