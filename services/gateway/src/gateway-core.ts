import type { Clock, MessageBus } from '@tollgate/journal';
import type { Logger, Settings } from '@tollgate/runtime';
import type { Sealer } from '@tollgate/sealing';
import type { Redis } from 'ioredis';
import { KillSwitch } from './agents/kill-switch.js';
import type { BusLink } from './bus/bus-link.js';
import { ConfigEdits } from './config/config-edits.js';
import type { CurrentConfig } from './config/current-config.js';
import { InForce } from './config/in-force.js';
import { CallsInbox } from './run/calls-inbox.js';
import { Endings } from './run/endings.js';
import { GovernedCalls } from './run/governed-calls.js';
import type { TenantHashKeys } from './run/hash-keys.js';
import { InFlight } from './run/in-flight.js';
import { Outcomes } from './run/outcomes.js';
import { Results } from './run/results.js';

/** What a gateway reaches the world through. */
export interface GatewayPorts {
  /** The name under which stages tell it how calls end. */
  readonly gateway: string;
  readonly bus: MessageBus;
  readonly link: Pick<BusLink, 'mustBeUp'>;
  readonly config: CurrentConfig;
  readonly redis: Pick<Redis, 'get'>;
  readonly sealer: Sealer;
  readonly hashKeys: TenantHashKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: Pick<
    Settings,
    'partitions' | 'waitLimitMs' | 'callDeadlineMs' | 'maxInFlight' | 'maxInFlightPerTenant'
  >;
}

/** What a gateway does, without HTTP and without the record in Postgres. */
export interface GatewayCore extends Pick<GatewayPorts, 'gateway' | 'sealer' | 'clock'> {
  readonly calls: GovernedCalls;
  readonly edits: ConfigEdits;
  readonly inForce: InForce;
  readonly killSwitch: KillSwitch;
  readonly inbox: CallsInbox;
  readonly endings: Endings;
  readonly outcomes: Outcomes;
  readonly results: Results;
}

export function gatewayCore(ports: GatewayPorts): GatewayCore {
  const { gateway, bus, link, config, redis, sealer, hashKeys, clock, logger, limits } = ports;
  const edits = new ConfigEdits(bus, config, clock);
  const inForce = new InForce(bus, limits.partitions, clock);
  const inbox = new CallsInbox(bus, link, limits.partitions, clock);
  const endings = Endings.listen(bus, gateway, logger);
  const outcomes = new Outcomes(redis);
  const results = new Results(bus, sealer, logger);
  const calls = new GovernedCalls({
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
  const killSwitch = new KillSwitch(edits, inForce, clock);
  return { gateway, sealer, clock, calls, edits, inForce, killSwitch, inbox, endings, outcomes, results };
}
