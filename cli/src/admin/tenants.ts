import { randomBytes } from 'node:crypto';
import { keyCreated, tenantChanged, tenantCreated, type KeyDocument, type TenantDocument } from '@tollgate/events';
import { configSubject, KEY_STAGES, writeConfig, type Bus, type ConfigReader } from '@tollgate/journal';
import { apiKeyHash, apiKeyPreview, mintApiKey } from '@tollgate/sealing';
import { isFollowed } from './followed.js';
import { withConfig } from './servers.js';
import { mustBePlan, putOnPlan } from './tenant-plan.js';

/** Who made a change that no API key made. */
const INSTALLATION = '-';
const NEW = { lastSubjectSeq: 0 };
/** Whether it is one that there is, only a mail could tell. */
const ADDRESS = /^[^\s@]{1,64}@[^\s@]{1,189}$/;

export interface Tenant {
  readonly id: string;
  readonly name: string;
  /** Absent for who has the installation's default. */
  readonly plan?: string;
  readonly email?: string;
  readonly created_at: string;
}

export interface NewKey {
  readonly tenant: string;
  readonly id: string;
  /** Shown this once; only its hash is stored. */
  readonly key: string;
  /** False where a stage did not answer, as one that is away: until it follows, it may refuse the key (rule 12). */
  readonly in_force: boolean;
}

/** A new tenant and its first admin key (contract section 7), which is made once the tenant is on its plan. */
export async function createTenant(name: string, plan?: string): Promise<Tenant & { readonly admin_key: NewKey }> {
  return await withConfig(async (bus) => {
    const at = Date.now();
    const id = `tenant_${randomBytes(9).toString('base64url')}`;
    const value = { id, name, at };
    if (plan !== undefined) await mustBePlan(bus, id, plan);
    const draft = tenantCreated.draft(id, { by: INSTALLATION, ...value });
    const seq = await writeConfig(bus, configSubject(id, 'tenant', id), draft, NEW, at);
    const made = plan === undefined ? value : await putOnPlan(bus, { value, seq, tenant: id }, plan);
    return { ...shown(made), admin_key: await createAdminKey(bus, id, 'admin') };
  });
}

/** Another plan for a tenant (contract section 9): in force when answered, what is stored stays. */
export async function changePlan(tenant: string, plan: string): Promise<Tenant> {
  return await withConfig(async (bus, config) => {
    const found = existing(config, tenant);
    await mustBePlan(bus, tenant, plan);
    return shown(await putOnPlan(bus, found, plan));
  });
}

/** Shown by `GET /me`; `none` takes it away. */
export async function changeEmail(tenant: string, address: string): Promise<Tenant> {
  if (address !== 'none' && !ADDRESS.test(address)) throw new Error('this is no mail address');
  return await withConfig(async (bus, config) => {
    const { value, seq: lastSubjectSeq } = existing(config, tenant);
    const { email: _, ...others } = value;
    const changed = address === 'none' ? others : { ...others, email: address };
    const draft = tenantChanged.draft(tenant, { by: INSTALLATION, tenant: changed });
    await writeConfig(bus, configSubject(tenant, 'tenant', tenant), draft, { lastSubjectSeq }, Date.now());
    return shown(changed);
  });
}

export async function listTenants(): Promise<readonly Tenant[]> {
  return await withConfig((_bus, config) => {
    const listed = [...config.state.tenants.values()].map(({ value }) => shown(value));
    return Promise.resolve(listed.sort((a, b) => a.created_at.localeCompare(b.created_at)));
  });
}

/** One more admin key for a tenant: the way back in when its last one is lost. */
export async function createKey(tenant: string, name: string): Promise<NewKey> {
  return await withConfig(async (bus, config) => {
    existing(config, tenant);
    return await createAdminKey(bus, tenant, name);
  });
}

const shown = ({ id, name, at, plan, email }: TenantDocument): Tenant => ({
  id,
  name,
  ...(plan === undefined ? {} : { plan }),
  ...(email === undefined ? {} : { email }),
  created_at: new Date(at).toISOString(),
});

function existing({ state }: ConfigReader, tenant: string) {
  const found = state.tenants.get(tenant);
  if (found !== undefined) return found;
  throw new Error(`there is no tenant "${tenant}": see \`npx tollgate admin tenant list\``);
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
  const seq = await writeConfig(bus, configSubject(tenant, 'key', document.id), draft, NEW, at);
  // Shown this once, so that it is shown in any case.
  return { tenant, id: document.id, key, in_force: await isFollowed(bus, tenant, seq, KEY_STAGES) };
}
