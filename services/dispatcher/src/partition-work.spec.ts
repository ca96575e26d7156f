import { trace } from '@opentelemetry/api';
import { finish, secretCallId, type Draft } from '@tollgate/events';
import { emptyConfig, foldConfig, type MessageBus } from '@tollgate/journal';
import { createLogger } from '@tollgate/runtime';
import { createSealer, mintSealingKey } from '@tollgate/sealing';
import type { Owner } from '@tollgate/stage';
import type { DispatchState } from './dispatch.state.js';
import { PartitionWork } from './partition-work.js';
import {
  doubt,
  ended,
  leased,
  NOON,
  queued,
  SECOND,
  SERVER_ERROR,
  started,
  TENANT,
  tool,
  toolIs,
} from './spec/calls.js';
import { DispatchStage } from './spec/given.js';
import { HandClock } from './spec/hand-clock.js';
import type { PreparedConnection } from './tool-client/index.js';
import { Underway } from './underway.js';

const sealer = createSealer({ keys: [mintSealingKey()], mode: 'on' });
const sealed = (value: string, callId: string) => sealer.seal(value, { tenant: TENANT, callId });

/** The effects of one owner with one place at its tool, whose connections stand at once. */
function around() {
  const stage = new DispatchStage();
  const clock = new HandClock();
  const config = emptyConfig();
  const secret = sealed('secret', secretCallId(tool.name));
  foldConfig(config, 1, finish(toolIs({ secret }), 0, NOON));
  const released: string[] = [];
  const connection = { release: () => released.push('connection') } as unknown as PreparedConnection;
  const owner = {
    partition: 0,
    state: stage.state,
    config,
    isOwner: true,
    lastAt: NOON,
    submit: () => undefined,
  } as unknown as Owner<DispatchState>;
  const client = { prepareNow: () => connection } as never;
  const log = createLogger({ level: 'silent' });
  const limits = { perTool: 1, perTenant: 1 };
  const bus = {} as MessageBus;
  const tools = { client, bus, sealer, clock, log, tracer: trace.getTracer('spec'), limits };
  const work = new PartitionWork(owner, tools, new Underway(clock));
  const committed = (draft: Draft): void => {
    stage.fold(draft, NOON);
    work.committed(finish(draft, 1, NOON));
  };
  return { work, clock, committed, released };
}

const callOf = (callId: string) => {
  const call = leased(callId);
  return { ...call, args: { callId, inline: sealed('{}', callId) } };
};

describe('rule 13, places at a tool', () => {
  it('a call that came to be in doubt while it rested takes none when its rest is over', async () => {
    const { work, clock, committed } = around();
    const call = callOf('call_1');
    committed(queued(call));
    committed(started(1, NOON, call));
    committed(ended(1, SERVER_ERROR, NOON + SECOND, call));
    committed(doubt('server_error', 502, 1, undefined, call));
    await clock.pass(2 * SECOND);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(true);
  });

  it('one that rests takes it again when its rest is over', async () => {
    const { work, clock, committed } = around();
    const call = callOf('call_1');
    committed(queued(call));
    committed(started(1, NOON, call));
    committed(ended(1, SERVER_ERROR, NOON + SECOND, call));
    await clock.pass(2 * SECOND);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(false);
  });

  it('what stands ready for a call that is in doubt by then is given back', async () => {
    const { work, clock, committed, released } = around();
    const call = callOf('call_1');
    committed(queued(call));
    committed(doubt('server_error', 502, 1, undefined, call));
    await clock.pass(2 * SECOND);
    expect(released).toEqual(['connection']);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(true);
  });
});
