import { partitionOf, tenantChanged, type TenantDocument } from '@tollgate/events';
import {
  appliedSubject,
  askOwner,
  askUntilAnswered,
  BusError,
  configSubject,
  partitionsOf,
  systemClock,
  writeConfig,
  type Bus,
  type Versioned,
} from '@tollgate/journal';
import { AwayError } from './away-error.js';

/** A stage that is taken over answers again within three seconds. */
const LIMIT_MS = 10_000;
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
  const partition = partitionOf(value.id, await partitionsOf(bus));
  const tenant = { ...value, plan };
  const written = value.plan === plan ? seq : await write(bus, tenant, seq);
  await confirmed(askUntilAnswered(asking(bus), appliedSubject('lease', partition), { seq: written }));
  return tenant;
}

const asking = (bus: Bus) => ({ bus, clock: systemClock, until: Date.now() + LIMIT_MS });

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
    const message = 'the lease stage does not answer: see that the installation runs, and repeat this';
    throw new AwayError(message, { cause: error });
  }
}
