import { coversAll, type Caller } from '../auth/caller.js';
import { sql, type AliasedRawBuilder } from 'kysely';

/** The agents that a caller's reads are bounded to; undefined is all, and what belongs to none. */
export const boundsOf = (caller: Caller): readonly string[] | undefined =>
  coversAll(caller) ? undefined : caller.agents;

/**
 * As a table, to be joined laterally with the first rows of each: an agent that is seldom seen is not looked for among
 * everybody else's rows.
 */
export const coveredAgents = (agents: readonly string[]): AliasedRawBuilder<{ agent: string }, 'covered'> =>
  sql<{ agent: string }>`unnest(${[...agents]}::text[])`.as<'covered'>(sql`covered(agent)`);
