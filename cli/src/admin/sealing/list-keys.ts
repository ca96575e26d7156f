import { withBus } from '../servers.js';
import { keyUses, type KeyUses } from './key-uses.js';
import { ownKeys } from './own-keys.js';

/** Where a key stands in the list of the services. */
export type Role =
  'seals' | 'opens' | 'opens, and is the root of the keyed hashes' | 'seals, and is the root' | 'not in the list';

export interface ListedKey {
  readonly key: string;
  /** Absent where the list of the services is not to be seen from here. */
  readonly role?: Role;
  readonly tool_secrets: number;
  readonly arguments_and_results: number;
  readonly newest: string | null;
  readonly snapshots: number;
  /** Whether it may be taken off the list. */
  readonly may_go?: boolean;
}

const NO_USES: KeyUses = { toolSecrets: 0, payloads: 0, newestMs: 0, snapshots: 0 };

/** Every key of the list, and every key that something is still sealed with. */
export async function listKeys(): Promise<readonly ListedKey[]> {
  const uses = await withBus(keyUses);
  const listed = ownKeys()?.keys.map(({ id }) => id);
  const others = [...uses.keys()].filter((id) => listed?.includes(id) !== true).sort();
  return [...(listed ?? []), ...others].map((key) => shown(key, uses.get(key) ?? NO_USES, listed));
}

export function shown(key: string, uses: KeyUses, listed: readonly string[] | undefined): ListedKey {
  const role = listed === undefined ? undefined : roleOf(key, listed);
  return {
    key,
    ...(role === undefined ? {} : { role }),
    tool_secrets: uses.toolSecrets,
    arguments_and_results: uses.payloads,
    newest: uses.newestMs === 0 ? null : new Date(uses.newestMs).toISOString(),
    snapshots: uses.snapshots,
    ...(role === undefined
      ? {}
      : { may_go: role === 'opens' && uses.toolSecrets + uses.payloads + uses.snapshots === 0 }),
  };
}

function roleOf(key: string, listed: readonly string[]): Role {
  const [isFirst, isLast] = [listed[0] === key, listed.at(-1) === key];
  if (!listed.includes(key)) return 'not in the list';
  if (isFirst) return isLast ? 'seals, and is the root' : 'seals';
  return isLast ? 'opens, and is the root of the keyed hashes' : 'opens';
}
