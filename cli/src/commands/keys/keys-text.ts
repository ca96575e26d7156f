import { plainOr } from '../../text/plain.js';
import { members } from '../../text/members.js';
import { table } from '../../text/table.js';
import { isoTime } from '../../text/time.js';

export interface Key {
  readonly id: string;
  readonly key_preview: string;
  readonly name: string | null;
  readonly role: 'admin' | 'agent';
  readonly agents: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
}

export interface CreatedKey extends Key {
  readonly key: string;
}

export const keysText = (keys: readonly Key[]): string =>
  table(
    ['id', 'role', 'speaks for', 'name', 'key', 'made', 'expires'],
    keys.map(({ id, role, agents, name, key_preview, created_at, expires_at }) => [
      plainOr('—', id),
      role,
      plainOr('everything', agents.join(', ')),
      plainOr('—', name),
      plainOr('—', key_preview),
      isoTime(created_at),
      isoTime(expires_at),
    ]),
    'no keys',
  );

/** The only time that the key is shown; with `savedIn` not even then. */
export function createdKeyText({ id, key, role, agents, expires_at }: CreatedKey, savedIn?: string): string {
  const speaksFor = agents.length === 0 ? undefined : agents.join(', ');
  const where = savedIn === undefined ? { key } : { saved_in: savedIn };
  const shown = members({ id, role, agents: speaksFor, expires_at, ...where });
  return savedIn === undefined ? `${shown}Keep it: it is shown this once, and only its hash is stored.\n` : shown;
}
