import type { Clock, MessageBus } from '@tollgate/journal';
import type { Logger, Settings } from '@tollgate/runtime';
import type { Sealer } from '@tollgate/sealing';
import type { Redis } from 'ioredis';
import { KillSwitch } from './agents/kill-switch.js';
import { Authentication } from './auth/authentication.js';
import type { BusLink } from './bus/bus-link.js';
import { RecordedCalls } from './calls/recorded-calls.js';
import { Resolutions } from './calls/resolutions.js';
import { ConfigEdits } from './config/config-edits.js';
import type { CurrentConfig } from './config/current-config.js';
import { InForce } from './config/in-force.js';
import { KeyEdits } from './keys/key-edits.js';
import type { CallRecord } from './reads/call-record.js';
import { FreshReads } from './reads/fresh-reads.js';
import { Freshness } from './reads/freshness.js';
import { CallsInbox } from './run/calls-inbox.js';
import { Endings } from './run/endings.js';
import { GovernedCalls } from './run/governed-calls.js';
import type { TenantHashKeys } from './run/hash-keys.js';
import { InFlight } from './run/in-flight.js';
import { Outcomes } from './run/outcomes.js';
import { Results } from './run/results.js';
import { RunRequests } from './run/run-requests.js';

/** What a gateway reaches the world through. */
export interface GatewayPorts {
  /** The name under which stages tell it how calls end. */
  readonly gateway: string;
  readonly bus: MessageBus;
  readonly link: Pick<BusLink, 'mustBeUp' | 'downForSec'>;
  readonly config: CurrentConfig;
  readonly redis: Pick<Redis, 'get'>;
  readonly record: CallRecord;
  readonly sealer: Sealer;
  readonly hashKeys: TenantHashKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: Pick<
    Settings,
    'partitions' | 'waitLimitMs' | 'callDeadlineMs' | 'maxInFlight' | 'maxInFlightPerTenant' | 'sealingKeys'
  >;
}

/** What a gateway does, without HTTP: the endpoints are around this, and what they list they query themselves. */
export interface GatewayCore {
  readonly authentication: Authentication;
  readonly runs: RunRequests;
  readonly calls: RecordedCalls;
  readonly keys: KeyEdits;
  readonly killSwitch: KillSwitch;
  readonly edits: ConfigEdits;
  readonly inForce: InForce;
  readonly endings: Endings;
  readonly freshness: Freshness;
}

export function gatewayCore(ports: GatewayPorts): GatewayCore {
  const { bus, link, config, record, clock, limits } = ports;
  const { partitions } = limits;
  const edits = new ConfigEdits(bus, config, clock);
  const inForce = new InForce(bus, partitions, clock);
  const freshness = new Freshness({ bus, link, record, partitions, clock });
  const authentication = new Authentication(config, clock);
  const { runs, calls, endings } = callsAround(ports, new FreshReads(record, freshness), authentication);
  return {
    authentication,
    runs,
    calls,
    keys: new KeyEdits(edits, inForce, limits.sealingKeys, clock),
    killSwitch: new KillSwitch(edits, inForce, clock),
    edits,
    inForce,
    endings,
    freshness,
  };
}

function callsAround(
  ports: GatewayPorts,
  reads: FreshReads<CallRecord>,
  authentication: Authentication,
): Pick<GatewayCore, 'runs' | 'calls' | 'endings'> {
  const { gateway, bus, link, config, redis, sealer, hashKeys, clock, logger, limits } = ports;
  const inbox = new CallsInbox(bus, link, limits.partitions, clock);
  const endings = Endings.listen(bus, gateway, logger);
  const outcomes = new Outcomes(redis);
  const results = new Results(bus, sealer, logger);
  const governed = new GovernedCalls({
    gateway,
    waitLimitMs: limits.waitLimitMs,
    callDeadlineMs: limits.callDeadlineMs,
    config,
    sealer,
    hashKeys,
    inFlight: new InFlight(limits.maxInFlight, limits.maxInFlightPerTenant),
    inbox,
    endings,
    outcomes,
    results,
    logger,
    clock,
  });
  const resolutions = new Resolutions({
    gateway,
    sealer,
    inbox,
    endings,
    outcomes,
    results,
    reads,
    authentication,
    clock,
  });
  return { runs: new RunRequests(governed), calls: new RecordedCalls(reads, results, resolutions), endings };
}
