import { plain } from '../text/plain.js';

/** What an error of the API (contract section 0) says to people. */
export function refusalText(status: number, body: unknown): string {
  if (status >= 300 && status < 400) return `the server answers with a redirect (${status}): is its address right?`;
  const detail = (body as { detail?: unknown } | undefined)?.detail;
  if (typeof detail === 'string') return `${plain(detail)} (${status})${HINTS[detail] ?? ''}`;
  if (Array.isArray(detail)) return `not taken (${status}): ${detail.map(issueText).join('; ')}`;
  if (typeof detail === 'object' && detail !== null) return `${objectText(detail)} (${status})`;
  return `the server answers ${status}, and not as Tollgate does: is its address right?`;
}

/** What to do about the words that are the same everywhere. */
const HINTS: Readonly<Record<string, string>> = {
  'Invalid API key': ': unknown, revoked or expired; `keys list` with another admin key shows which there are',
  'Not Found': ': an older server, or another address?',
};

function objectText(detail: { readonly error?: unknown; readonly message?: unknown }): string {
  const { error, message, ...more } = detail;
  const rest = Object.entries(more).filter(([, value]) => value !== null);
  const said = rest.length === 0 ? '' : ` [${rest.map(([name, value]) => `${name} ${plain(value)}`).join(', ')}]`;
  return `${plain(message ?? '')}${said}: ${plain(error ?? '')}`;
}

function issueText(issue: unknown): string {
  const { loc, msg } = issue as { readonly loc?: unknown; readonly msg?: unknown };
  const where = Array.isArray(loc) ? loc.slice(1).map(plain).join('.') : '';
  return where === '' ? plain(msg ?? '') : `${where}: ${plain(msg ?? '')}`;
}
