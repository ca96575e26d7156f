import { blockedOutcome, type LeasedCall, type Outcome, type Reason } from '@tollgate/events';
import { HOUR_MS, utcDay, type AgentUse } from './budget.state.js';

const DAY_MS = 24 * HOUR_MS;

/** The first cap that the call would pass, in the contract's order: hour, calls of the tool, spend. All in one decision. */
export function capRefusal({ call, terms }: LeasedCall, use: AgentUse | undefined, now: number): Outcome | undefined {
  const { maxActionsPerHour, maxCallsPerTool, maxSpendPerDay } = terms.caps;
  const actions = maxActionsPerHour === undefined ? 0 : (use?.actions.countSince(now - HOUR_MS) ?? 0);
  if (maxActionsPerHour !== undefined && actions >= maxActionsPerHour) {
    const frees = hourFreesAt(use, maxActionsPerHour);
    return refusal('max_actions_per_hour_exceeded', maxActionsPerHour, actions, frees, now);
  }
  const { calls, spent } = usedToday(use, call.tool, now);
  if (maxCallsPerTool !== undefined && calls >= maxCallsPerTool) {
    return refusal('max_calls_per_tool_exceeded', maxCallsPerTool, calls, midnightAfter(now), now);
  }
  if (maxSpendPerDay !== undefined && spent + terms.cost > maxSpendPerDay) {
    const frees = terms.cost > maxSpendPerDay ? undefined : midnightAfter(now);
    return refusal('max_spend_usd_per_day_exceeded', maxSpendPerDay, spent, frees, now);
  }
  return undefined;
}

/** What the agent has used of the UTC day of `now`. */
function usedToday(use: AgentUse | undefined, tool: string, now: number): { calls: number; spent: number } {
  if (use?.day !== utcDay(now)) return { calls: 0, spent: 0 };
  return { calls: use.callsPerTool.get(tool) ?? 0, spent: use.spent };
}

function refusal(reason: Reason, limit: number, used: number, freesAt: number | undefined, now: number): Outcome {
  const retryAfterSec = freesAt === undefined ? null : Math.max(1, Math.ceil((freesAt - now) / 1000));
  return blockedOutcome(reason, { limit, remaining: Math.max(0, limit - used), retryAfterSec });
}

/** When enough of the oldest actions have left the hour; never, where the cap admits none. */
function hourFreesAt(use: AgentUse | undefined, limit: number): number | undefined {
  const leaving = limit === 0 ? undefined : use?.actions.nthNewest(limit);
  return leaving === undefined ? undefined : leaving + HOUR_MS;
}

const midnightAfter = (now: number): number => (Math.floor(now / DAY_MS) + 1) * DAY_MS;
