import { decodeEvent, decodeJson, type EventOf, type requested } from '@tollgate/events';
import type { ContractError } from '@tollgate/gateway';
import { callsStream, CONFIG_STREAM, JOURNALS, journalStream } from '@tollgate/journal';
import type { Installation, Received } from '../harness/index.js';
import { clientsAreToldTheTruth } from '../sim/checks/answers.js';
import { unknownIsNeverGuessed } from '../sim/checks/attempts.js';
import { callsAreEndedOnce } from '../sim/checks/calls.js';
import { capsHold } from '../sim/checks/caps.js';
import { configIsInForce } from '../sim/checks/config.js';
import { journalsAreInOrder } from '../sim/checks/journals.js';
import { keysAreExplained } from '../sim/checks/keys.js';
import { toolsActOnce } from '../sim/checks/tools.js';
import type { Violation } from '../sim/checks/violation.js';
import type { Chaos } from '../sim/chaos.js';
import { JournalRecord } from '../sim/journal-record.js';
import { Poison } from '../sim/poison.js';
import { QUIET, type Scenario } from '../sim/scenario.js';
import type { SimAdministrators } from '../sim/sim-administrators.js';
import type { SimClients } from '../sim/sim-clients.js';
import type { ClientCall } from '../sim/sim-gateway.js';
import { SimSwitches } from '../sim/sim-switches.js';
import type { Seen, SimTools } from '../sim/sim-tools.js';
import type { Simulation } from '../sim/simulation.js';
import { World } from '../sim/world.js';
import { storedInOrder, type InOrder } from './stored-in-order.js';
import type { Asked } from './traffic.js';

/** The tool that the clients of a real run call, as the simulation would describe it. */
export interface RealTool {
  readonly name: string;
  readonly timeoutMs: number;
}

/** What is left of a run on real processes, a real broker and a real tool. */
export interface RealRun {
  readonly stored: readonly InOrder[];
  readonly received: readonly Received[];
  readonly asked: readonly Asked[];
  readonly tool: RealTool;
  /** Where the tool server is, with a slash behind it. */
  readonly toolsAt: string;
}

const CALLS = callsStream(0);

/**
 * The simulation's checks that go by the tools' own record, the journals and the answers. The others look into processes
 * and stores.
 */
const CHECKS = [
  callsAreEndedOnce,
  clientsAreToldTheTruth,
  toolsActOnce,
  unknownIsNeverGuessed,
  capsHold,
  configIsInForce,
  keysAreExplained,
  journalsAreInOrder,
];

export async function recordOf(tollgate: Installation, asked: readonly Asked[], tool: RealTool): Promise<RealRun> {
  const streams = [CALLS, CONFIG_STREAM, ...JOURNALS.map((journal) => journalStream(journal, 0))];
  const stored = await storedInOrder(tollgate.nats.url, streams);
  return { stored, received: [...tollgate.tool.received], asked, tool, toolsAt: tollgate.tool.url('') };
}

/** What a class shows of itself: whatever the checks may come to ask for, the compiler asks for here. */
type Shown<T> = Pick<T, { [K in keyof T]: T[K] extends (...args: never[]) => unknown ? never : K }[keyof T]>;

/** Processes die and stand still; nothing else befalls a real run. */
const CHAOS: Shown<Chaos> = {
  cutBacks: [],
  purged: new Set(),
  unnoticed: [],
  garbage: [],
  poison: new Poison(),
  revokedKeys: new Set(),
  changedTools: new Set(),
  clocksWereSet: false,
  wipesRedis: false,
  dropsPostgres: false,
  aheadMs: 0,
};
const NOBODY = new SimSwitches(new World(0, false));
const ADMINISTRATORS: Shown<SimAdministrators> = { policies: [], agents: NOBODY, tools: NOBODY, areQuiet: true };
const CLIENTS: Shown<SimClients> = { looks: [], words: [], madeKeys: [], revokedKeys: [], areQuiet: true };
const SCENARIO: Omit<Scenario, 'tools'> = {
  ...QUIET,
  partitions: 1,
  tenants: [],
  agents: [],
  args: [],
  copies: 2,
  audits: 1,
  chaosMs: 0,
  waitLimitMs: 0,
  callDeadlineMs: 900_000,
  batchSize: 400_000,
  month: false,
  caps: {},
  price: 0,
  weather: { usualMs: 0, rareMs: 0, loseRequest: 0, loseAck: 0, late: 0, twice: 0 },
  mood: 'kind',
  clocks: { offMs: 0, drift: 0 },
};

/** Processes and stores: these checks do not look at them. */
type Unseen = 'redis' | 'postgres' | 'auditAround' | 'gateways' | 'stages' | 'audits' | 'workers';

/** What the simulation would say of it. */
export function simulationsVerdict({ stored, received, asked, tool, toolsAt }: RealRun): readonly Violation[] {
  const record = new JournalRecord(1);
  for (const { stream, message } of stored) record.stored(stream, message);
  const calls = callsOf(asked, requestsIn(stored));
  const tenants = new Map(calls.map(({ callId, tenant }) => [callId, tenant]));
  const scenario: Scenario = {
    ...SCENARIO,
    tools: [{ ...tool, onUnknown: 'hold', maxRetries: 0, dedupWindowSec: 86_400 }],
  };
  // A tool that holds what is unknown is never asked about it.
  const tools: Shown<SimTools> = {
    seen: received.map((one) => seenBy(one, { tool, toolsAt }, tenants)),
    asked: [],
    calm: true,
  };
  const run: Record<Exclude<keyof Shown<Simulation>, Unseen>, unknown> = {
    record,
    calls,
    scenario,
    clients: CLIENTS,
    administrators: ADMINISTRATORS,
    chaos: CHAOS,
    everyGateway: [],
    wrongClocks: [],
    tools,
    broker: { all: (wanted: string) => stored.filter(({ stream }) => stream === wanted).map(({ message }) => message) },
    world: { isStuck: false, now: Date.now() },
  };
  return CHECKS.flatMap((check) => check(run as unknown as Simulation));
}

type Requested = EventOf<typeof requested>;

/** Run → the call as it stands in CALLS. */
function requestsIn(stored: readonly InOrder[]): ReadonlyMap<string, Requested> {
  const requests = new Map<string, Requested>();
  for (const { stream, message } of stored) {
    if (stream !== CALLS) continue;
    const event = decodeEvent(decodeJson(message.data));
    if (event.type === 'requested') requests.set(event.data.call.runId, event);
  }
  return requests;
}

function callsOf(asked: readonly Asked[], requests: ReadonlyMap<string, Requested>): ClientCall[] {
  return asked.flatMap((one): ClientCall[] => {
    const { runId, n, answer } = one;
    const request = requests.get(runId);
    const wasRefused = answer?.status === 503 && answer.body?.detail?.call_id === undefined;
    if (request === undefined && !wasRefused) return [];
    const call = request?.data.call;
    return [
      {
        callId: call?.callId ?? runId,
        runId,
        tenant: request?.tenant ?? '',
        agent: call?.agent ?? '',
        tool: call?.tool ?? '',
        keyId: call?.keyId ?? '',
        args: String(n),
        askedAt: 0,
        waitUntil: 0,
        put: wasRefused ? 'refused' : 'accepted',
        told: toldTo(one),
      },
    ];
  });
}

function toldTo({ answer }: Asked): ClientCall['told'] {
  if (answer === undefined) return undefined;
  const { status, body } = answer;
  if (status === 200) return { answer: body };
  return { refusal: { status, detail: body.detail } as ContractError, early: false };
}

const seenBy = (
  { body, headers, at, path }: Received,
  { tool, toolsAt }: Pick<RealRun, 'tool' | 'toolsAt'>,
  tenants: ReadonlyMap<string, string>,
): Seen => ({
  at,
  stamp: Number(headers['x-onceonly-timestamp']) * 1_000,
  process: 'dispatcher',
  isLostInTime: false,
  tenant: tenants.get(body.call_id) ?? '',
  agent: String(body['agent_id']),
  tool: tool.name,
  callId: body.call_id,
  attempt: Number(String(body['request_id']).split('.').at(-1)),
  url: toolsAt + path.slice(1),
  key: body.idempotency_key,
  acted: true,
  said: 'executed',
  // How many were under way at once is what the dispatcher's own specs count.
  atOnce: 0,
});
