import { randomBytes } from 'node:crypto';
import { keyCreated, tenantCreated, type KeyDocument } from '@tollgate/events';
import { configSubject, writeConfig, type Bus } from '@tollgate/journal';
import { apiKeyHash, apiKeyPreview, mintApiKey } from '@tollgate/sealing';
import { withConfig } from './servers.js';

/** Who made a change that no API key made. */
const INSTALLATION = '-';

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
}

export interface NewKey {
  readonly tenant: string;
  readonly id: string;
  /** Shown this once; only its hash is stored. */
  readonly key: string;
}

/** A new tenant and its first admin key (contract section 7). */
export async function createTenant(name: string): Promise<Tenant & { readonly admin_key: NewKey }> {
  return await withConfig(async (bus) => {
    const at = Date.now();
    const id = `tenant_${randomBytes(9).toString('base64url')}`;
    const draft = tenantCreated.draft(id, { by: INSTALLATION, id, name, at });
    await writeConfig(bus, configSubject(id, 'tenant', id), draft, 0, at);
    return { id, name, created_at: new Date(at).toISOString(), admin_key: await createAdminKey(bus, id, 'admin') };
  });
}

export async function listTenants(): Promise<readonly Tenant[]> {
  return await withConfig((_bus, config) => {
    const tenants = [...config.state.tenants.values()].map(({ value }) => value);
    const listed = tenants.map(({ id, name, at }) => ({ id, name, created_at: new Date(at).toISOString() }));
    return Promise.resolve(listed.sort((a, b) => a.created_at.localeCompare(b.created_at)));
  });
}

/** One more admin key for a tenant: the way back in when its last one is lost. */
export async function createKey(tenant: string, name: string): Promise<NewKey> {
  return await withConfig(async (bus, config) => {
    if (!config.state.tenants.has(tenant)) {
      throw new Error(`there is no tenant "${tenant}": see \`npx tollgate admin tenant list\``);
    }
    return await createAdminKey(bus, tenant, name);
  });
}

async function createAdminKey(bus: Bus, tenant: string, name: string): Promise<NewKey> {
  const key = mintApiKey();
  const at = Date.now();
  const document: KeyDocument = {
    id: `key_${randomBytes(12).toString('base64url')}`,
    hash: apiKeyHash(key),
    preview: apiKeyPreview(key),
    name,
    role: 'admin',
    agents: [],
    createdAt: at,
    expiresAt: null,
  };
  const draft = keyCreated.draft(tenant, { by: INSTALLATION, key: document });
  await writeConfig(bus, configSubject(tenant, 'key', document.id), draft, 0, at);
  return { tenant, id: document.id, key };
}
