import { EventDecodeError, failed, failedOutcome, type CallHeader } from '@tollgate/events';
import { emptyConfig } from '@tollgate/journal';
import { decisionOn } from './decision.js';
import type { SourceInput } from './input.js';
import type { StageDefinition, Turn } from './stage-definition.js';

const call: CallHeader = {
  callId: 'call_1',
  runId: 'run',
  agent: 'a',
  tool: 't',
  argsHash: 'h',
  keyId: 'k',
  gateway: 'g',
  waitUntil: 0,
  requestedAt: 0,
  deadline: 0,
  requestedId: 0,
};

const stage: StageDefinition<null> = {
  name: 'lease',
  sources: [],
  readsConfig: false,
  initial: () => null,
  evolve: () => null,
  takesOn: 'policy-passed',
  keeping: { version: 1, sizeOf: () => 0 },
  wakeAt: () => undefined,
  parked: (_state, one, _now, tenant) => [
    failed.draft(tenant, { call: one, outcome: failedOutcome('internal_error') }),
  ],
};
const turn: Turn<null> = {
  state: null,
  config: emptyConfig(),
  now: 5,
  partition: 0,
  stampMs: 5,
  place: undefined,
  reserveId: () => 77,
};
const unreadable = (type: string, code: EventDecodeError['code'] = 'undecodable'): SourceInput => ({
  from: 'source',
  source: 'policy',
  stream: 'POLICY-0',
  position: { mark: 'm', seq: 1, index: 0 },
  stampMs: 5,
  readAt: 0,
  event: new EventDecodeError(code, type, { tenant: 'tenant', type, data: { call } }),
});
const decide = async (input: SourceInput) => {
  const nothing = () => undefined;
  return (await decisionOn(input, turn, nothing, stage)).drafts;
};

describe('an input that cannot be decoded (rule 14)', () => {
  it('ends its call where it was to be taken on, with an id for its beginning', async () => {
    const [parked, ended] = await decide(unreadable('policy-passed'));
    expect(parked).toMatchObject({ type: 'input-parked', data: { code: 'undecodable', callId: 'call_1', seq: 1 } });
    expect(ended).toMatchObject({ type: 'failed', tenant: 'tenant', data: { call: { requestedId: 77 } } });
  });

  it('ends no call by what is itself an ending, or is passed by', async () => {
    for (const type of ['blocked', 'cap-checking', 'lease-waiting']) {
      expect((await decide(unreadable(type))).map((draft) => draft.type)).toEqual(['input-parked']);
    }
  });

  it('of a newer release is not parked: it stops the stage, for that is a deployment', async () => {
    await expect(decide(unreadable('policy-passed', 'unknown_version'))).rejects.toThrow(EventDecodeError);
  });
});
