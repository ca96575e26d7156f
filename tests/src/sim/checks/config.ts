import type { CallHeader, Reason, TollgateEvent } from '@tollgate/events';
import { CONFIG_STREAM } from '@tollgate/journal';
import type { Chaos } from '../chaos.js';
import type { SimBroker } from '../sim-broker.js';
import type { ClientCall } from '../sim-gateway.js';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** What was answered to be in force is (rule 12). */
export const configIsInForce = (simulation: Simulation): Violation[] => [
  ...nothingSentWhileDisabled(simulation),
  ...nothingBegunWhileDisabled(simulation),
  ...nothingSentToWhereItWas(simulation),
  ...nothingDoneForRevokedKeys(simulation),
  ...commandsFollowKeys(simulation),
  ...nothingResolvedByRevokedKeys(simulation),
  ...newKeysAreGood(simulation),
  ...nothingRefusedWithoutReason(simulation),
];

/** The kill switch is an event in the dispatch journal: no attempt of the agent stands behind it. */
function nothingBegunWhileDisabled({ record, broker }: Simulation): Violation[] {
  const switchings = switchingsIn(broker);
  const applied = new Map<number, number>();
  return record.entries.flatMap(({ journal, partition, event, at }): Violation[] => {
    if (journal !== 'dispatch') return [];
    if (event.type === 'config-applied') applied.set(partition, Math.max(event.data.seq, applied.get(partition) ?? 0));
    if (event.type !== 'dispatch-started') return [];
    const { agent, callId } = event.data.call;
    // What is decided may follow CONFIG further than the journal says yet: who has been enabled since may begin.
    const last = switchings.findLast(
      (one) =>
        one.tenant === event.tenant &&
        one.agent === agent &&
        (one.seq <= (applied.get(partition) ?? 0) || (!one.off && one.at <= at)),
    );
    return last?.off === true
      ? [{ guarantee: 'rule 12', what: `${callId} begins behind the disabling of ${agent}` }]
      : [];
  });
}

/**
 * What the dispatcher had applied when it began an attempt is the least that its request follows. Where its journal lost
 * its tail the same attempt may begin again, later: the request is then held to what was known the first time.
 */
function nothingSentToWhereItWas({ record, broker, tools }: Simulation): Violation[] {
  const places = placesIn(broker);
  if (places.length === 0) return [];
  const applied = new Map<number, number>();
  const begun = new Map<string, number>();
  for (const { journal, partition, event } of record.entries) {
    if (journal !== 'dispatch') continue;
    if (event.type === 'config-applied') applied.set(partition, Math.max(event.data.seq, applied.get(partition) ?? 0));
    if (event.type !== 'dispatch-started') continue;
    const attempt = `${event.data.call.callId} ${event.data.attempt}`;
    if (!begun.has(attempt)) begun.set(attempt, applied.get(partition) ?? 0);
  }
  return tools.seen.flatMap(({ tenant, tool, callId, attempt, url }): Violation[] => {
    const since = begun.get(`${callId} ${attempt}`);
    const moves = places.filter((place) => place.tenant === tenant && place.tool === tool);
    // Who repeats a change says the same place again.
    const place = moves.findLastIndex((one) => one.url === url);
    const isThere = since === undefined || moves.slice(place + 1).every(({ seq }) => seq > since);
    return isThere ? [] : [{ guarantee: 'rule 12', what: `${callId} was sent to where ${tool} had been before` }];
  });
}

/** Where tools have been said to be, as CONFIG has it, in order. */
const placesIn = (broker: SimBroker) =>
  broker.all(CONFIG_STREAM).flatMap(({ seq, data }) => {
    const event = JSON.parse(new TextDecoder().decode(data)) as TollgateEvent;
    if (event.type !== 'tool-set') return [];
    return [{ seq, tenant: event.tenant, tool: event.data.tool.name, url: event.data.tool.url }];
  });

/** A call is refused for its key, its tool or its agent only where somebody has changed them. */
function nothingRefusedWithoutReason({ record, chaos, calls, broker }: Simulation): Violation[] {
  const switchings = switchingsIn(broker);
  const known = new Map(calls.map((call) => [call.callId, call]));
  return record.entries.flatMap(({ event }): Violation[] => {
    if (event.type !== 'failed' && event.type !== 'blocked') return [];
    const { call, outcome } = event.data;
    const asked = known.get(call.callId);
    if (asked === undefined || isChanged(chaos, switchings, event.tenant, call, outcome.reason)) return [];
    if (outcome.reason === 'idempotency_key_reused' && calls.some((other) => reusesKeyOf(asked, other))) return [];
    return [{ guarantee: 'rule 12', what: `${call.callId} was refused as ${outcome.reason}, which was never so` }];
  });
}

interface Switching {
  readonly seq: number;
  readonly tenant: string;
  readonly agent: string;
  readonly off: boolean;
  /** True time, ms. */
  readonly at: number;
}

/** Every time that somebody disabled or enabled an agent, as CONFIG has it. */
const switchingsIn = (broker: SimBroker): Switching[] =>
  broker.all(CONFIG_STREAM).flatMap(({ seq, data, stampMs: at }) => {
    const event = JSON.parse(new TextDecoder().decode(data)) as TollgateEvent;
    if (event.type !== 'agent-disabled' && event.type !== 'agent-enabled') return [];
    return [{ seq, tenant: event.tenant, agent: event.data.agent, off: event.type === 'agent-disabled', at }];
  });

function isChanged(
  chaos: Chaos,
  switchings: readonly Switching[],
  tenant: string,
  { agent, tool, keyId }: CallHeader,
  reason: Reason,
): boolean {
  switch (reason) {
    case 'tool_not_found':
    case 'tool_disabled':
      return chaos.changedTools.has(`${tenant} ${tool}`);
    case 'agent_disabled':
      return switchings.some((one) => one.tenant === tenant && one.agent === agent);
    case 'invalid_api_key':
      return chaos.revokedKeys.has(keyId);
    case 'idempotency_key_reused':
      return false;
    default:
      return true;
  }
}

/** Asks for something else under the same idempotency key. */
const reusesKeyOf = (one: ClientCall, other: ClientCall): boolean =>
  one.idempotencyKey !== undefined &&
  one.idempotencyKey === other.idempotencyKey &&
  one.tenant === other.tenant &&
  one.agent === other.agent &&
  one.tool === other.tool &&
  one.args !== other.args;

/**
 * G4, by the time stamps that were signed and answered, however clocks were set; and by true time, but for a machine that was
 * suspended and whose wall clock was set back meanwhile: neither of its clocks says that a permit has run out.
 */
function nothingSentWhileDisabled({ tools, administrators }: Simulation): Violation[] {
  return administrators.agents.told.flatMap(({ tenant, name: agent, heardAt, until, answered }) =>
    tools.seen
      .filter((seen) => seen.tenant === tenant && seen.agent === agent && seen.at < until)
      .flatMap(({ callId, at, stamp, isLostInTime }) => {
        if (answered === undefined) return [];
        if (at > heardAt && !isLostInTime)
          return [{ guarantee: 'G4', what: `${callId} was sent after ${agent} was disabled` }];
        const late = stamp - answered;
        return late > 0
          ? [
              {
                guarantee: 'G4',
                what: `${callId} bears a stamp ${late} ms behind the answered disabled_at of ${agent}`,
              },
            ]
          : [];
      }),
  );
}

/** A call that reached CALLS after its key's revocation was answered is refused, whatever gateways know. */
function nothingDoneForRevokedKeys({ record, clients }: Simulation): Violation[] {
  return clients.revokedKeys.flatMap(({ tenant, keyId, heardAt }) =>
    record.entries.flatMap(({ event }) => {
      if (event.type !== 'policy-passed') return [];
      const { call } = event.data;
      return call.keyId === `${tenant} ${keyId}` && call.requestedAt > heardAt
        ? [{ guarantee: 'rule 12', what: `${call.callId} was let pass with a revoked key` }]
        : [];
    }),
  );
}

/** Nor is a command that reached CALLS after it decided; and none is refused for a key that is good. */
function commandsFollowKeys({ record, clients, chaos }: Simulation): Violation[] {
  const heardAt = new Map(clients.revokedKeys.map(({ tenant, keyId, heardAt: at }) => [`${tenant} ${keyId}`, at]));
  return record.entries.flatMap(({ event: { type, data } }): Violation[] => {
    if (!('reply' in data) || data.reply === undefined) return [];
    const { commandId } = data.reply;
    const command = record.commands.get(commandId);
    if (command === undefined) return [];
    const { keyId } = command.data;
    const isRefused = type === 'command-refused' && 'why' in data && data.why === 'invalid_api_key';
    if (isRefused) {
      return chaos.revokedKeys.has(keyId)
        ? []
        : [{ guarantee: 'rule 12', what: `${commandId} was refused for a key that is good` }];
    }
    return command.stampMs > (heardAt.get(keyId) ?? Infinity)
      ? [{ guarantee: 'rule 12', what: `${commandId} was decided with a revoked key` }]
      : [];
  });
}

/** Nor for operators: what they say with it, at whatever gateway, resolves nothing. */
function nothingResolvedByRevokedKeys({ record, clients }: Simulation): Violation[] {
  return clients.words.flatMap(({ tenant, keyId, callId, askedAt, told }) => {
    const revoked = clients.revokedKeys.find((one) => one.tenant === tenant && one.keyId === keyId);
    if (revoked === undefined || askedAt < revoked.heardAt) return [];
    const resolved = record.entries.some(
      ({ event, at }) =>
        event.type === 'resolved' &&
        event.data.call.callId === callId &&
        event.data.by === `${tenant} ${keyId}` &&
        at > askedAt,
    );
    const others = clients.words.some((one) => one.keyId === keyId && one.callId === callId && one.askedAt < askedAt);
    return resolved && !others && told !== undefined
      ? [{ guarantee: 'rule 12', what: `${callId} was resolved with a revoked key` }]
      : [];
  });
}

/** A key is good everywhere once its making was answered. */
const newKeysAreGood = ({ clients, calls }: Simulation): Violation[] =>
  clients.madeKeys.flatMap(({ keyId }) =>
    calls.flatMap(({ keyId: with_, told, callId }) =>
      with_ === keyId && told !== undefined && 'refusal' in told && told.refusal.status === 403
        ? [{ guarantee: 'rule 12', what: `${callId} was refused for a key just made` }]
        : [],
    ),
  );
