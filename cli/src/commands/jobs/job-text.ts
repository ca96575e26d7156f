import type { Style } from '../../terminal/style.js';
import { members } from '../../text/members.js';
import { plain, plainOr } from '../../text/plain.js';
import { columns, type Row } from '../../text/table.js';
import { toned } from '../calls/call-text.js';
import { wouldBlockText } from '../calls/would-block.js';

/** The answer of `GET /ai/result`. */
export interface JobEnd {
  readonly status: string;
  readonly key: string;
  readonly error_code: string | null;
  /** Of a job what its actions did; whoever ends its lease, or leased the key for something else, may have put in anything. */
  readonly result: Readonly<Record<string, unknown>> | null;
}

interface EndedAction {
  readonly tool: string;
  readonly decision: string;
  readonly policy_reason: string;
  readonly result?: unknown;
  readonly would_block?: unknown;
}

/** How it ended, and a line for each action that did. */
export function jobText({ status, key, error_code, result }: JobEnd, style: Style): string {
  const why = error_code === null ? '' : `, ${plain(error_code)}`;
  return `${plain(status)}: ${plain(key)}${why}\n${resultText(result ?? {}, style)}`;
}

function resultText(result: Readonly<Record<string, unknown>>, style: Style): string {
  const { results, skipped } = result;
  if (!Array.isArray(results)) return members(result, '  ');
  const actions = columns(
    (results as readonly EndedAction[]).map((action) => row(action, style)),
    '  ',
  );
  return skipped === undefined ? actions : `${actions}  ${plain(skipped)} more were skipped\n`;
}

const row = ({ tool, decision, policy_reason, result, would_block }: EndedAction, style: Style): Row => [
  plain(tool),
  toned(decision, style)(plain(decision)),
  wouldBlockText(would_block) ?? plain(policy_reason),
  plainOr('', result),
];
