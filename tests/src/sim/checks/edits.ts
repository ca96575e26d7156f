import type { CallHeader, TollgateEvent } from '@tollgate/events';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** What an administrator was told to be in force is so for every call that reached CALLS since (rule 12). */
export const editsAreInForce = (simulation: Simulation): Violation[] => {
  const decided = simulation.record.entries.flatMap(({ journal, event, at }) =>
    journal === 'policy' && (event.type === 'policy-passed' || event.type === 'blocked')
      ? [{ tenant: event.tenant, type: event.type, call: event.data.call, at }]
      : [],
  );
  return [...policiesAreInForce(simulation, decided), ...closedToolsAreClosed(simulation, decided)];
};

interface Decided {
  readonly tenant: string;
  readonly type: TollgateEvent['type'];
  readonly call: CallHeader;
  /** True time, ms. */
  readonly at: number;
}

const wrong = (what: string): Violation => ({ guarantee: 'rule 12', what });

const policiesAreInForce = ({ administrators }: Simulation, decided: readonly Decided[]): Violation[] =>
  administrators.policies.flatMap(({ tenant, agent, version, heardAt }) =>
    decided
      .filter((one) => one.tenant === tenant && one.call.agent === agent && one.call.requestedAt > heardAt)
      .filter(({ call }) => (call.policyVersion ?? 0) < version)
      .map(({ call }) =>
        wrong(`${call.callId} was decided by version ${call.policyVersion} of a policy whose ${version} was in force`),
      ),
  );

const closedToolsAreClosed = ({ administrators }: Simulation, decided: readonly Decided[]): Violation[] =>
  administrators.closings.flatMap(({ tenant, tool, heardAt, until }) =>
    decided
      .filter(({ type, call }) => type === 'policy-passed' && call.tool === tool && call.requestedAt > heardAt)
      .filter((one) => one.tenant === tenant && one.at < until)
      .map(({ call }) => wrong(`${call.callId} was let pass to ${tool}, which was closed`)),
  );
