import { failed, failedOutcome, type Draft } from '@tollgate/events';
import { decidePassed } from './decide-passed.js';
import type { LeaseState } from './lease.state.js';
import { hasGivenUp } from './settle.js';
import { decideCommand, type Surroundings } from './tasks/decide-command.js';

type Around = Pick<Surroundings, 'config' | 'planOf' | 'now'>;

/** After the look what was given back until now is known: what waited for it is decided for good (rule 11). */
export function decideLooked(state: LeaseState, id: string, around: Around): readonly Draft[] {
  const checking = state.checking.get(id);
  if (checking === undefined) return [];
  const { tenant, asked, trace } = checking;
  const traced = (drafts: readonly Draft[]) =>
    trace === undefined ? drafts : drafts.map((one) => ({ ...one, trace }));
  const { command, stampMs = around.now } = asked;
  if (command !== undefined) {
    return traced(decideCommand(state, tenant, command, { ...around, stampMs, place: undefined, looked: true }));
  }
  const { passed } = asked;
  if (passed === undefined) return [];
  if (checking.waited === true && hasGivenUp(passed, around.now)) {
    return traced([failed.draft(tenant, { call: passed.call, outcome: failedOutcome('expired') })]);
  }
  const admission = { now: around.now, plan: around.planOf(tenant), looked: true };
  return traced(decidePassed(state, tenant, passed, admission));
}
