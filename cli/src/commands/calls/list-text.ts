import type { Style } from '../../terminal/style.js';
import { usd } from '../../text/money.js';
import { plain } from '../../text/plain.js';
import { table } from '../../text/table.js';
import { isoTime } from '../../text/time.js';
import { toned, type Call } from './call-text.js';

export interface ListedCall extends Call {
  readonly agent_id: string;
  readonly tool: string;
  readonly requested_at: string;
  readonly in_doubt: boolean;
}

export const callsText = (calls: readonly ListedCall[], style: Style): string =>
  table(
    ['call', 'asked for', 'agent', 'tool', 'decision', 'reason', 'cost'],
    calls.map((call) => [
      plain(call.call_id),
      isoTime(call.requested_at),
      plain(call.agent_id),
      plain(call.tool),
      call.in_doubt ? style.bad('in doubt') : toned(call.decision, style)(call.decision),
      plain(call.policy_reason),
      usd(call.spend_usd),
    ]),
    'no such calls',
  );
