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
import { Notes } from './events/notes.js';
import { Watermarks } from './events/watermarks.js';
import { DryRuns } from './dry-run/dry-runs.js';
import { KeyEdits } from './keys/key-edits.js';
import type { CallRecord } from './reads/call-record.js';
import { FreshReads } from './reads/fresh-reads.js';
import { Freshness } from './reads/freshness.js';
import { CallRequests } from './run/call-requests.js';
import { CallsInbox } from './run/calls-inbox.js';
import { Endings } from './run/endings.js';
import { GovernedCalls } from './run/governed-calls.js';
import type { TenantHashKeys } from './run/hash-keys.js';
import { InFlight } from './run/in-flight.js';
import { Outcomes } from './run/outcomes.js';
import { Results } from './run/results.js';
import { RunRequests } from './run/run-requests.js';
import { Locks } from './locks/locks.js';
import { Features } from './plans/features.js';
import { planOfTenants, type PlanOf } from './plans/plan-of.js';
import { PolicyEdits } from './policies/policy-edits.js';
import { PolicyTests } from './policies/policy-tests.js';
import { Jobs } from './tasks/jobs.js';
import { KnownTasks } from './tasks/known-tasks.js';
import { LeaseCommands } from './tasks/lease-commands.js';
import { TaskResults } from './tasks/task-results.js';
import type { TaskStore } from './tasks/task-store.js';
import { Tasks } from './tasks/tasks.js';
import { ToolEdits } from './tools/tool-edits.js';
import { ToolSecrets } from './tools/tool-secrets.js';

/** What a gateway reaches the world through. */
export interface GatewayPorts {
  /** The name under which stages tell it how calls end. */
  readonly gateway: string;
  readonly bus: MessageBus;
  readonly link: Pick<BusLink, 'mustBeUp' | 'downForSec'>;
  readonly config: CurrentConfig;
  readonly redis: Pick<Redis, 'get'>;
  readonly taskStore: TaskStore;
  readonly record: CallRecord;
  readonly sealer: Sealer;
  readonly hashKeys: TenantHashKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: Pick<
    Settings,
    | 'partitions'
    | 'waitLimitMs'
    | 'callDeadlineMs'
    | 'maxInFlight'
    | 'maxInFlightPerTenant'
    | 'sealingKeys'
    | 'plans'
    | 'duplicates'
    | 'lockOutage'
    | 'upgradeUrl'
    | 'unknownTools'
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
  readonly endings: Endings;
  readonly freshness: Freshness;
  readonly tasks: Tasks;
  readonly jobs: Jobs;
  readonly locks: Locks;
  readonly known: KnownTasks;
  readonly planOf: PlanOf;
  readonly watermarks: Watermarks;
  readonly notes: Notes;
  readonly features: Features;
  readonly policies: PolicyEdits;
  readonly policyTests: PolicyTests;
  readonly tools: ToolEdits;
}

export function gatewayCore(ports: GatewayPorts): GatewayCore {
  const { bus, link, config, record, sealer, hashKeys, clock, limits } = ports;
  const { partitions } = limits;
  const edits = new ConfigEdits(bus, config, clock);
  const inForce = new InForce(bus, partitions, clock);
  const freshness = new Freshness({ bus, link, record, partitions, clock });
  const authentication = new Authentication(config, clock);
  const waiting = waitingParts(ports);
  const planOf = planOfTenants(limits.plans, config);
  const policies = new PolicyEdits({ config, edits, inForce, planOf, unknown: limits.unknownTools, clock });
  return {
    authentication,
    ...callsAround(ports, waiting, new FreshReads(record, freshness), authentication),
    ...tasksAround(ports, waiting, planOf),
    planOf,
    features: new Features(config, planOf),
    policies,
    policyTests: new PolicyTests(policies, waiting.dryRuns),
    tools: new ToolEdits({ edits, inForce, secrets: new ToolSecrets(sealer, clock), planOf, clock }),
    keys: new KeyEdits(edits, inForce, limits.sealingKeys, clock),
    killSwitch: new KillSwitch(edits, inForce, clock),
    edits,
    endings: waiting.endings,
    freshness,
    watermarks: new Watermarks(bus, partitions),
    notes: new Notes({ bus, link, authentication, hashKeys, partitions, clock }),
  };
}

/** What calls, jobs and commands have in common: how they are made, tried and answered. */
interface Waiting {
  readonly inbox: CallsInbox;
  readonly endings: Endings;
  readonly inFlight: InFlight;
  readonly results: Results;
  readonly requests: CallRequests;
  readonly dryRuns: DryRuns;
}

function waitingParts(ports: GatewayPorts): Waiting {
  const { gateway, bus, link, sealer, clock, logger, limits } = ports;
  const { partitions, upgradeUrl = null } = limits;
  const inFlight = new InFlight(limits.maxInFlight, limits.maxInFlightPerTenant);
  const results = new Results(bus, sealer, logger);
  const requests = new CallRequests(ports);
  return {
    inbox: new CallsInbox(bus, link, partitions, clock),
    endings: Endings.listen(bus, gateway, logger),
    inFlight,
    results,
    requests,
    dryRuns: new DryRuns({ bus, link, partitions, requests, results, inFlight, clock, upgradeUrl }),
  };
}

function callsAround(
  ports: GatewayPorts,
  waiting: Waiting,
  reads: FreshReads<CallRecord>,
  authentication: Authentication,
): Pick<GatewayCore, 'runs' | 'calls'> {
  const { gateway, redis, sealer, clock, logger, limits } = ports;
  const outcomes = new Outcomes(redis);
  const parts = { gateway, sealer, outcomes, clock, ...waiting };
  const { waitLimitMs, callDeadlineMs, upgradeUrl = null } = limits;
  const governed = new GovernedCalls({ ...parts, waitLimitMs, callDeadlineMs, upgradeUrl, logger });
  const resolutions = new Resolutions({ ...parts, reads, authentication });
  return {
    runs: new RunRequests(governed, waiting.dryRuns),
    calls: new RecordedCalls(reads, waiting.results, resolutions),
  };
}

function tasksAround(
  ports: GatewayPorts,
  waiting: Waiting,
  planOf: PlanOf,
): Pick<GatewayCore, 'tasks' | 'jobs' | 'locks' | 'known'> {
  const { gateway, bus, link, redis, taskStore, sealer, hashKeys, clock, limits } = ports;
  const { partitions, duplicates, lockOutage, upgradeUrl = null } = limits;
  const commands = new LeaseCommands({ gateway, ...waiting, redis, hashKeys, clock, upgradeUrl });
  const known = new KnownTasks({ bus, link, store: taskStore, partitions, clock });
  const results = new TaskResults(waiting.results);
  const tasks = new Tasks({ commands, known, results, planOf, sealer, clock });
  const jobs = new Jobs({ gateway, tasks, dryRuns: waiting.dryRuns, hashKeys, sealer });
  return { tasks, jobs, locks: new Locks(commands, planOf, { duplicates, outage: lockOutage }), known };
}
