import { partitionOf, tenantChanged, type TenantDocument } from '@tollgate/events';
import {
  askOwner,
  BusError,
  configSubject,
  partitionsOf,
  writeConfig,
  type Bus,
  type Versioned,
} from '@tollgate/journal';
import { AwayError } from './away-error.js';
import { asking, isFollowed } from './followed.js';

/** Who made a change that no API key made. */
const INSTALLATION = '-';

/** Plans are the server's: it is asked before anything is written. */
export async function mustBePlan(bus: Bus, tenant: string, plan: string): Promise<void> {
  const partition = partitionOf(tenant, await partitionsOf(bus));
  const plans = await confirmed(askOwner(asking(bus), 'lease', partition, { about: 'plans', details: {} }));
  if (Array.isArray(plans) && plans.includes(plan)) return;
  throw new Error(`there is no plan "${plan}"${Array.isArray(plans) ? `: there are ${plans.join(', ')}` : ''}`);
}

/** Puts a tenant on a plan; done when the lease stage, which counts credits, follows it (rule 12). */
export async function putOnPlan(
  bus: Bus,
  { value, seq }: Versioned<TenantDocument>,
  plan: string,
): Promise<TenantDocument> {
  const tenant = { ...value, plan };
  const written = value.plan === plan ? seq : await write(bus, tenant, seq);
  if (!(await isFollowed(bus, value.id, written, ['lease']))) throw leaseIsAway();
  return tenant;
}

const write = (bus: Bus, tenant: TenantDocument, lastSubjectSeq: number): Promise<number> =>
  writeConfig(
    bus,
    configSubject(tenant.id, 'tenant', tenant.id),
    tenantChanged.draft(tenant.id, { by: INSTALLATION, tenant }),
    { lastSubjectSeq },
    Date.now(),
  );

async function confirmed<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
    throw leaseIsAway(error);
  }
}

const leaseIsAway = (cause?: unknown): AwayError =>
  new AwayError('the lease stage does not answer: see that the installation runs, and repeat this', { cause });
