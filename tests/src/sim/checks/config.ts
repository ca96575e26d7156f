import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** What was answered to be in force is (rule 12). */
export const configIsInForce = (simulation: Simulation): Violation[] => [
  ...nothingSentWhileDisabled(simulation),
  ...nothingDoneForRevokedKeys(simulation),
];

/** G4, by true time and by the time stamps that were signed and answered. */
function nothingSentWhileDisabled({ tools, chaos }: Simulation): Violation[] {
  return chaos.killSwitches.flatMap(({ tenant, agent, heardAt, disabledAt, until }) =>
    tools.seen
      .filter((seen) => seen.tenant === tenant && seen.agent === agent && seen.at < until)
      .flatMap(({ callId, at, stamp }) => {
        if (at > heardAt) return [{ guarantee: 'G4', what: `${callId} was sent after ${agent} was disabled` }];
        const late = stamp - disabledAt;
        return late > 0 && !chaos.clocksWereSet
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
function nothingDoneForRevokedKeys({ record, chaos }: Simulation): Violation[] {
  return chaos.revocations.flatMap(({ keyId, heardAt }) =>
    record.entries.flatMap(({ event }) =>
      event.type === 'policy-passed' && event.data.call.keyId === keyId && event.data.call.requestedAt > heardAt
        ? [{ guarantee: 'rule 12', what: `${event.data.call.callId} was let pass with a revoked key` }]
        : [],
    ),
  );
}
