import type { Style } from '../../terminal/style.js';
import { usd } from '../../text/money.js';
import { plain } from '../../text/plain.js';
import { table } from '../../text/table.js';
import { secondsTime } from '../../text/time.js';
import { toned } from '../calls/call-text.js';
import { wouldBlockText, type WouldBlock } from '../calls/would-block.js';

export interface LogRow {
  readonly ts: number;
  readonly tool: string;
  readonly decision: string;
  readonly policy_reason: string;
  readonly spend_usd: number;
  readonly call_id: string;
  readonly would_block?: WouldBlock;
}

export const logsText = (rows: readonly LogRow[], style: Style): string =>
  table(
    ['ended', 'tool', 'decision', 'reason', 'cost', 'call'],
    rows.map(({ ts, tool, decision, policy_reason, spend_usd, call_id, would_block }) => [
      secondsTime(ts),
      plain(tool),
      toned(decision, style)(plain(decision)),
      wouldBlockText(would_block) ?? plain(policy_reason),
      usd(spend_usd),
      plain(call_id),
    ]),
    'nothing yet',
  );
