import type { Style } from '../../terminal/style.js';
import { members } from '../../text/members.js';
import { usd } from '../../text/money.js';
import { plain } from '../../text/plain.js';
import { wouldBlockText, type WouldBlock } from './would-block.js';

/** The answer of a governed call (contract 3.1). */
export interface Call {
  readonly decision: 'executed' | 'dedup' | 'blocked' | 'failed' | 'dry_run' | 'in_progress';
  readonly policy_reason: string;
  readonly risk_level: string;
  readonly result?: unknown;
  readonly call_id: string;
  readonly run_id: string;
  readonly args_hash?: string;
  readonly spend_usd: number;
  readonly original_call_id?: string;
  readonly limit?: number;
  readonly remaining?: number;
  readonly retry_after_sec?: number | null;
  readonly would_block?: WouldBlock;
}

export function callText(call: Call, style: Style): string {
  const { decision, policy_reason, risk_level, call_id, run_id, original_call_id, result } = call;
  const first = `${toned(decision, style)(decision)}: ${plain(policy_reason)}${MEANS[policy_reason] ?? ''}`;
  const known = {
    call: call_id,
    ...(run_id === call_id ? {} : { run: run_id }),
    repeats: original_call_id,
    risk: risk_level,
    cost: usd(call.spend_usd),
    ...capMembers(call),
    observed: wouldBlockText(call.would_block),
    result,
  };
  return `${first}\n${members(known, '  ')}`;
}

/** What the words that need a person say. */
const MEANS: Readonly<Record<string, string>> = {
  outcome_unknown: ' (it may have happened: look at the tool, then `calls resolve`)',
  in_progress: ' (`calls show` says how it ends)',
};

function capMembers({ limit, remaining, retry_after_sec, policy_reason }: Call): Readonly<Record<string, unknown>> {
  if (limit === undefined) return {};
  const shown = policy_reason.includes('spend') ? usd : String;
  const again = retry_after_sec === null || retry_after_sec === undefined ? undefined : `in ${retry_after_sec} s`;
  return { limit: shown(limit), remaining: shown(remaining ?? 0), again };
}

export function toned(decision: string, style: Style): (text: string) => string {
  if (['executed', 'dedup', 'dry_run'].includes(decision)) return style.good;
  return decision === 'failed' ? style.bad : style.careful;
}
