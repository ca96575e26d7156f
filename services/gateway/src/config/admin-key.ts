import { keyCreated, tenantCreated } from '@tollgate/events';
import { BusError, configSubject, findKey, writeConfig, type Bus, type ConfigReader } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import { apiKeyHash, deriveKey, keyedHash, type SealingKey } from '@tollgate/sealing';
import { keyPreview } from '../keys/key-preview.js';

export const DEFAULT_TENANT = 'default';
/** Made by the installation itself, not by a key. */
const INSTALLATION = '-';
const NEW = { lastSubjectSeq: 0 };

/**
 * The first admin key, for scripts and containers: stored on a start that does not find it. One that was revoked stays
 * revoked, whatever the environment still says.
 */
export async function ensureAdminKey(
  bus: Bus,
  config: ConfigReader,
  { adminKey, sealingKeys }: { adminKey: string; sealingKeys: readonly SealingKey[] },
  logger: Logger,
): Promise<void> {
  const hash = apiKeyHash(adminKey);
  const known = findKey(config.state, hash);
  if (known?.value.revoked === true)
    logger.warn('the admin key of the environment was revoked: it stays so', { key_id: known.value.id });
  if (known !== undefined) return;
  await ensureDefaultTenant(bus, config);
  // The same id for the same key, so that two gateways that start at once make one; the plain hash would say too much.
  const id = `key_${keyedHash(deriveKey(sealingKeys, 'key-id', DEFAULT_TENANT), hash).slice(0, 16)}`;
  const at = Date.now();
  const key = {
    id,
    hash,
    preview: keyPreview(adminKey),
    name: 'admin',
    role: 'admin' as const,
    agents: [],
    createdAt: at,
    expiresAt: null,
  };
  const subject = configSubject(DEFAULT_TENANT, 'key', id);
  await unlessThere(writeConfig(bus, subject, keyCreated.draft(DEFAULT_TENANT, { by: INSTALLATION, key }), NEW, at));
  await config.readToEnd();
}

async function ensureDefaultTenant(bus: Bus, config: ConfigReader): Promise<void> {
  if (config.state.tenants.has(DEFAULT_TENANT)) return;
  const at = Date.now();
  const tenant = { by: INSTALLATION, id: DEFAULT_TENANT, name: DEFAULT_TENANT, at };
  const subject = configSubject(DEFAULT_TENANT, 'tenant', DEFAULT_TENANT);
  await unlessThere(writeConfig(bus, subject, tenantCreated.draft(DEFAULT_TENANT, tenant), NEW, at));
}

/** Another gateway that starts at the same moment was first. */
async function unlessThere(writing: Promise<number>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!(error instanceof BusError && error.code === 'wrong_last_sequence')) throw error;
  }
}
