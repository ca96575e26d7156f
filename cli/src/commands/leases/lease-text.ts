import { members } from '../../text/members.js';
import { plain } from '../../text/plain.js';

/** What the routes of leases answer; each has some of the members. */
export interface Lease {
  readonly status: string;
  readonly key: string;
}

/** What it is, and everything else that there is to say. */
export function leaseText({ status, key, ...more }: Lease): string {
  const { ok: _ok, ...shown } = more as Readonly<Record<string, unknown>>;
  return `${plain(status)}: ${plain(key)}\n${members(shown, '  ')}`;
}
