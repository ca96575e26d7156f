import type { CallHeader, Reason } from '@tollgate/events';
import type { Told } from '../sim-switches.js';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/**
 * A policy that an administrator was told to be in force decides every call that reached CALLS since; and what he was told
 * to be disabled, gone or there again is so for them (rule 12).
 */
export const editsAreInForce = (simulation: Simulation): Violation[] => {
  const decided = decidedByPolicy(simulation);
  return [...policiesAreInForce(simulation, decided), ...switchesAreInForce(simulation, decided)];
};

interface Decided {
  readonly tenant: string;
  readonly call: CallHeader;
  /** Undefined of one that was let pass. */
  readonly refusedFor: Reason | undefined;
  /** True time, ms. */
  readonly at: number;
}

const decidedByPolicy = ({ record }: Simulation): Decided[] =>
  record.entries.flatMap(({ journal, event, at }): Decided[] => {
    if (journal !== 'policy') return [];
    const { tenant } = event;
    if (event.type === 'policy-passed') return [{ tenant, call: event.data.call, refusedFor: undefined, at }];
    if (event.type !== 'blocked' && event.type !== 'failed') return [];
    return [{ tenant, call: event.data.call, refusedFor: event.data.outcome.reason, at }];
  });

const wrong = (what: string): Violation => ({ guarantee: 'rule 12', what });

const policiesAreInForce = ({ administrators }: Simulation, decided: readonly Decided[]): Violation[] =>
  administrators.policies.flatMap(({ tenant, agent, version, heardAt }) =>
    decided
      .filter((one) => one.tenant === tenant && one.call.agent === agent && one.call.requestedAt > heardAt)
      // Some are refused before any policy is asked.
      .filter(({ call, refusedFor }) => refusedFor === undefined || call.policyVersion !== undefined)
      .filter(({ call }) => (call.policyVersion ?? 0) < version)
      .map(({ call }) =>
        wrong(`${call.callId} was decided by version ${call.policyVersion} of a policy whose ${version} was in force`),
      ),
  );

const CLOSED: readonly Reason[] = ['tool_not_found', 'tool_disabled'];

const switchesAreInForce = ({ administrators }: Simulation, decided: readonly Decided[]): Violation[] => [
  ...contradictions(administrators.tools.told, decided, ({ tool }) => tool, CLOSED),
  ...contradictions(administrators.agents.told, decided, ({ agent }) => agent, ['agent_disabled']),
];

/** Whom it is about was let pass though he was told that it is off, or refused as off though he was told that it is on. */
const contradictions = (
  told: readonly Told[],
  decided: readonly Decided[],
  nameOf: (call: CallHeader) => string,
  off: readonly Reason[],
): Violation[] =>
  told.flatMap(({ tenant, name, to, heardAt, until }) =>
    decided
      .filter(({ call, at, ...one }) => one.tenant === tenant && nameOf(call) === name && at < until)
      .filter(({ call }) => call.requestedAt > heardAt)
      .filter(({ refusedFor }) =>
        to === 'off' ? refusedFor === undefined : refusedFor !== undefined && off.includes(refusedFor),
      )
      .map(({ call, refusedFor }) =>
        wrong(`${call.callId} was ${refusedFor ?? 'let pass'} though ${name} was turned ${to}`),
      ),
  );
