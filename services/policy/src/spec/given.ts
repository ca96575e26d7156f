import { finish, type DataOf, type Draft, type requested } from '@tollgate/events';
import { emptyConfig, foldConfig } from '@tollgate/journal';
import { decideCall, type PolicySettings } from '../decide-call.js';
import { evolvePolicy, initialPolicyState } from '../policy.state.js';
import { DEADLINE, NOON, REQUESTED_ID, TENANT } from './calls.js';

const SETTINGS: PolicySettings = { callDeadlineMs: DEADLINE, noPolicyAdmin: 'allow' };
const PLACE = { stream: 'CALLS-0', seq: 5, index: 0 };

interface When {
  /** The owner's clock, and the broker's stamp of the input; ms since the epoch. */
  readonly now?: number;
  readonly stampMs?: number;
  readonly settings?: Partial<PolicySettings>;
}

/** `given(what is configured and was decided before).when(a call is requested).then(what is decided)`. */
export function given(...past: readonly Draft[]) {
  const config = emptyConfig();
  const state = initialPolicyState();
  for (const [index, draft] of past.entries()) {
    const event = finish(draft, index, NOON);
    foldConfig(config, index + 1, event);
    evolvePolicy(state, event);
  }
  return {
    when: (input: DataOf<typeof requested>, { now = NOON, stampMs = NOON, settings = {} }: When = {}) => {
      const turn = { state, config, now, stampMs, partition: 0, place: PLACE, reserveId: () => REQUESTED_ID };
      const decided = decideCall(TENANT, input, turn, { ...SETTINGS, ...settings });
      return {
        decided,
        then: (...expected: readonly Draft[]): void => {
          expect(decided).toEqual(expected);
        },
      };
    },
  };
}
