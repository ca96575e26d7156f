import { trace } from '@opentelemetry/api';
import { finish, secretCallId, type Draft, type LeasedCall } from '@tollgate/events';
import { emptyConfig, foldConfig, type ConfigState, type MessageBus } from '@tollgate/journal';
import { createLogger } from '@tollgate/runtime';
import { createSealer, mintSealingKey } from '@tollgate/sealing';
import type { Owner } from '@tollgate/stage';
import type { DispatchState } from './dispatch.state.js';
import { PartitionWork } from './partition-work.js';
import {
  done,
  DONE,
  doubt,
  ended,
  leased,
  NOON,
  NOT_SENT,
  queued,
  REFUSED,
  SECOND,
  SERVER_ERROR,
  started,
  TENANT,
  tool,
  toolIs,
  UNKNOWN,
} from './spec/calls.js';
import { DispatchStage } from './spec/given.js';
import { HandClock } from './spec/hand-clock.js';
import type { PreparedConnection, SendResult } from './tool-client/index.js';
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
  const answers: ((sent: SendResult) => void)[] = [];
  const send = (): Promise<SendResult> => new Promise((resolve) => answers.push(resolve));
  const client = { prepareNow: () => connection, send } as never;
  const log = createLogger({ level: 'silent' });
  const limits = { perTool: 1, perTenant: 1 };
  const bus = {} as MessageBus;
  const tools = { client, bus, sealer, clock, log, tracer: trace.getTracer('spec'), limits };
  const work = new PartitionWork(owner, tools, new Underway(clock));
  /** The state runs ahead of the journal. */
  const decided = (draft: Draft): void => stage.fold(draft, NOON);
  const committed = (draft: Draft): void => {
    decided(draft);
    work.committed(finish(draft, 1, NOON));
  };
  /** Its first attempt has failed; the next is a second later. */
  const rests = (call: LeasedCall): void => {
    committed(queued(call));
    committed(started(1, NOON, call));
    committed(ended(1, SERVER_ERROR, NOON + SECOND, call));
  };
  /** The tool is changed: the state is what CONFIG says now. */
  const changeTool = (): ConfigState =>
    foldConfig(config, 2, finish(toolIs({ secret, url: 'https://tools.example/new' }), 0, NOON));
  /** Its connection stands, its first attempt is in the journal, and its request is under way. */
  const requestLeaves = async (call: LeasedCall): Promise<void> => {
    committed(queued(call));
    await clock.pass(5);
    committed(started(1, NOON, call));
    await clock.pass(5);
  };
  return { work, clock, decided, committed, rests, requestLeaves, released, answers, changeTool };
}

const callOf = (callId: string) => {
  const call = leased(callId);
  return { ...call, args: { callId, inline: sealed('{}', callId) } };
};

describe('rule 13, places at a tool', () => {
  it('a call that came to be in doubt while it rested takes none when its rest is over', async () => {
    const { work, clock, committed, rests } = around();
    const call = callOf('call_1');
    rests(call);
    committed(doubt('server_error', 502, 1, undefined, call));
    await clock.pass(2 * SECOND);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(true);
  });

  it('one that rests takes it again when its rest is over', async () => {
    const { work, clock, rests } = around();
    const call = callOf('call_1');
    rests(call);
    await clock.pass(2 * SECOND);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(false);
  });

  it('one that is prepared to be tried again keeps it, whatever is heard of the attempt before', async () => {
    const { work, clock, committed, released, rests } = around();
    const call = callOf('call_1');
    rests(call);
    await clock.pass(2 * SECOND);
    committed(ended(1, NOT_SENT, undefined, call));
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(false);
    expect(released).toEqual([]);
  });

  it('is not taken by a timer that is of a rest before this one', async () => {
    const { work, clock, committed, requestLeaves, answers } = around();
    const call = callOf('call_1');
    await requestLeaves(call);
    answers.shift()?.({ known: 'not_sent', code: 'permit_missed' });
    await clock.pass(5);
    committed(ended(1, REFUSED, NOON + SECOND, call));
    committed(ended(1, REFUSED, NOON + 60 * SECOND, call));
    await clock.pass(2 * SECOND);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(true);
  });

  it('is taken when its rest is over by a clock that was set back meanwhile', async () => {
    const { work, clock, rests } = around();
    const call = callOf('call_1');
    rests(call);
    clock.setWall(-5 * SECOND);
    await clock.pass(7 * SECOND);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(false);
  });

  it('is given back, and taken again when its rest is over, where the clock was set back while it was prepared', async () => {
    const { work, clock, released, rests } = around();
    const call = callOf('call_1');
    rests(call);
    await clock.pass(2 * SECOND);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(false);
    clock.setWall(-5 * SECOND);
    expect(work.preparesAgain('call_1', clock.now())).toBe(true);
    expect(released).toEqual(['connection']);
    await clock.pass(5 * SECOND);
    expect(work.preparesAgain('call_1', clock.now())).toBe(false);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(false);
  });

  it('keeps it while its request is under way, also when the attempt before turns out to have been executed', async () => {
    const { work, clock, committed, requestLeaves, answers } = around();
    const call = callOf('call_1');
    await requestLeaves(call);
    answers.shift()?.({ known: 'unknown', code: 'server_error', httpStatus: 502 });
    await clock.pass(5);
    committed(ended(1, SERVER_ERROR, NOON + SECOND, call));
    await clock.pass(2 * SECOND);
    committed(started(2, NOON + 2 * SECOND, call));
    await clock.pass(5);
    expect(answers).toHaveLength(1);
    committed(ended(1, DONE, undefined, call));
    committed(done(1));
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(false);
    answers[0]?.({ known: 'not_sent', code: 'permit_missed' });
    await clock.pass(5);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(true);
  });

  it('is tried again once its request is over, when that was called unknown before', async () => {
    const { work, clock, committed, requestLeaves, answers, released } = around();
    const call = callOf('call_1');
    await requestLeaves(call);
    expect(answers).toHaveLength(1);
    committed(ended(1, UNKNOWN, NOON + 10, call));
    await clock.pass(20);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(false);
    answers[0]?.({ known: 'unknown', code: 'timeout', httpStatus: null });
    await clock.pass(5);
    expect(work.prepareNow(TENANT, callOf('call_2'))).toBe(false);
    committed(doubt('timeout', null, 1, undefined, call));
    expect(released).toEqual(['connection']);
  });

  it('is prepared again where its tool has been changed since', async () => {
    const { work, clock, committed, released, changeTool } = around();
    const call = callOf('call_1');
    committed(queued(call));
    await clock.pass(5);
    expect(work.preparesAgain('call_1', clock.now())).toBe(false);
    changeTool();
    expect(work.preparesAgain('call_1', clock.now())).toBe(true);
    expect(released).toEqual(['connection']);
    await clock.pass(5);
    expect(work.preparesAgain('call_1', clock.now())).toBe(false);
  });

  it('gives a connection back whose call has ended before its attempt was in the journal', async () => {
    const { clock, committed, decided, released, work } = around();
    const call = callOf('call_1');
    committed(queued(call));
    await clock.pass(5);
    const began = started(1, NOON, call);
    decided(began);
    decided(done(1));
    work.committed(finish(began, 1, NOON));
    expect(released).toEqual(['connection']);
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
