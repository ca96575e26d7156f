import { blockedOutcome, type LeasedCall, type Outcome, type Reason } from '@tollgate/events';
import { HOUR_MS, utcDay, type AgentUse } from './budget.state.js';

const DAY_MS = 24 * HOUR_MS;

/** What an agent has used as of now, as the caps see it. */
export interface Used {
  /** Times of admission within the last 60 minutes, oldest first. */
  readonly actions: readonly number[];
  readonly callsOfTool: number;
  readonly spent: number;
}

export function usedAsOf(use: AgentUse | undefined, tool: string, now: number): Used {
  if (use === undefined) return { actions: [], callsOfTool: 0, spent: 0 };
  const today = use.day === utcDay(now);
  return {
    actions: [...use.actions.values()].filter((at) => at > now - HOUR_MS),
    callsOfTool: today ? (use.callsPerTool.get(tool) ?? 0) : 0,
    spent: today ? use.spent : 0,
  };
}

/** The first cap that the call would pass, in the contract's order: hour, calls of the tool, spend. All in one decision. */
export function capRefusal({ terms }: LeasedCall, used: Used, now: number): Outcome | undefined {
  const { maxActionsPerHour, maxCallsPerTool, maxSpendPerDay } = terms.caps;
  if (maxActionsPerHour !== undefined && used.actions.length >= maxActionsPerHour) {
    return refusal(
      'max_actions_per_hour_exceeded',
      maxActionsPerHour,
      used.actions.length,
      hourFreesAt(used, maxActionsPerHour),
      now,
    );
  }
  if (maxCallsPerTool !== undefined && used.callsOfTool >= maxCallsPerTool) {
    return refusal('max_calls_per_tool_exceeded', maxCallsPerTool, used.callsOfTool, midnightAfter(now), now);
  }
  if (maxSpendPerDay !== undefined && used.spent + terms.cost > maxSpendPerDay) {
    const frees = terms.cost > maxSpendPerDay ? undefined : midnightAfter(now);
    return refusal('max_spend_usd_per_day_exceeded', maxSpendPerDay, used.spent, frees, now);
  }
  return undefined;
}

function refusal(reason: Reason, limit: number, used: number, freesAt: number | undefined, now: number): Outcome {
  const retryAfterSec = freesAt === undefined ? null : Math.max(1, Math.ceil((freesAt - now) / 1000));
  return blockedOutcome(reason, { limit, remaining: Math.max(0, limit - used), retryAfterSec });
}

/** When enough of the oldest actions have left the hour; never, where the cap admits none. */
function hourFreesAt({ actions }: Used, limit: number): number | undefined {
  const leaving = limit === 0 ? undefined : actions[actions.length - limit];
  return leaving === undefined ? undefined : leaving + HOUR_MS;
}

const midnightAfter = (now: number): number => (Math.floor(now / DAY_MS) + 1) * DAY_MS;
