import { randomUUID } from 'node:crypto';
import type { EventOf, executed, JournalName, TollgateEvent } from '@tollgate/events';
import { Bus, callsStream, callsSubject, encodeBatch, journalStream, journalSubject } from '@tollgate/journal';
import { cli, eventually, Installation } from '../harness/index.js';
import { everything, Ledger } from './ledger.js';

const CAP = 12;
let calls = 0;

interface ParkedRow {
  readonly id: string;
  readonly stage: string;
  readonly stream: string;
  readonly seq: number;
  readonly code: string;
  readonly input_type: string | null;
  readonly call_id: string | null;
}

/** Rule 14: what cannot be decoded is passed by and listed; its call ends, and for all others it has not happened. */
describe('an input that cannot be decoded', () => {
  let tollgate: Installation;
  let bus: Bus;
  beforeAll(async () => {
    tollgate = await Installation.start({ layout: 'each', env: { LOG_LEVEL: 'warn' } });
    bus = await Bus.connect(tollgate.nats.url, { name: 'test', reconnect: false });
    await tollgate.register('charge');
    await tollgate.policy('a', { max_actions_per_hour: CAP });
    await executesOne();
  });
  afterAll(async () => {
    await bus.close();
    await tollgate.stop();
  });

  async function executesOne(): Promise<void> {
    const { body } = await tollgate.api.run({ agent_id: 'a', tool: 'charge', args: { n: ++calls } });
    expect(body.decision).toBe('executed');
  }

  const parked = (): Promise<readonly ParkedRow[]> => cli<ParkedRow[]>(tollgate, 'admin', 'parked', 'list');
  const settle = ({ id }: Pick<ParkedRow, 'id'>, says: string): Promise<object> =>
    cli<object>(tollgate, 'admin', 'parked', 'settle', id, says, '--note', 'seen at the tool');

  /** An operator sees it, with its place and its reason. */
  async function expectParked(row: Partial<ParkedRow>): Promise<void> {
    let rows: readonly ParkedRow[] = [];
    await eventually(
      `parked: ${JSON.stringify(row)}`,
      async () => (rows = await parked()).some((one) => expect.objectContaining(row).asymmetricMatch(one)),
      10_000,
      200,
    );
    expect(rows).toContainEqual(expect.objectContaining(row));
  }

  /** The call of which only the header could be read has an end that its client can read. */
  async function expectEnded(callId: string): Promise<void> {
    const { status, body } = await tollgate.api.get(`/v1/calls/${callId}`);
    expect([status, body.decision, body.policy_reason]).toEqual([200, 'failed', 'tool_error']);
    expect(body.result).toEqual({ error: 'internal_error', status: null });
    expect(tollgate.tool.received.filter((one) => one.body.call_id === callId)).toEqual([]);
  }

  describe('in CALLS', () => {
    const put = (reader: 'policy' | 'dispatcher', text: string): Promise<number> =>
      bus.append(callsSubject(0, reader), new TextEncoder().encode(text));

    it.each(['policy', 'dispatcher'] as const)('is parked by %s, whatever is wrong with it', async (reader) => {
      const stage = reader === 'policy' ? 'policy' : 'dispatch';
      const stream = callsStream(0);
      const noJson = await put(reader, '{"type":"requested"');
      const noEvent = await put(reader, '[]');
      const unknown = await put(reader, JSON.stringify({ ...envelope, type: 'from-elsewhere', data: {} }));
      await executesOne();
      await expectParked({ stage, stream, seq: noJson, code: 'undecodable', input_type: null, call_id: null });
      await expectParked({ stage, stream, seq: noEvent, code: 'undecodable' });
      await expectParked({ stage, stream, seq: unknown, code: 'unknown_type', input_type: 'from-elsewhere' });
    });

    it('ends its call, where it says which one it was', async () => {
      const [message] = await everything(bus, callsStream(0), callsSubject(0, 'policy'));
      const { event, callId } = broken(JSON.parse(new TextDecoder().decode(message!.data)) as TollgateEvent);
      const seq = await put('policy', JSON.stringify(event));
      await expectParked({ stage: 'policy', seq, code: 'undecodable', input_type: 'requested', call_id: callId });
      await expectEnded(callId);
      await executesOne();
    });
  });

  describe('in the journal of the stage before', () => {
    it.each([
      { upstream: 'policy', kind: 'policy', type: 'policy-passed', parkers: ['lease'], ends: true },
      { upstream: 'lease', kind: 'lease', type: 'lease-acquired', parkers: ['budget'], ends: true },
      { upstream: 'budget', kind: 'budget', type: 'budget-reserved', parkers: ['dispatch', 'lease'], ends: true },
      { upstream: 'dispatch', kind: 'dispatcher', type: 'executed', parkers: ['lease', 'budget'], ends: false },
    ] as const)('is parked by $parkers ($upstream)', async ({ upstream, kind, type, parkers, ends }) => {
      // The owner stands still meanwhile: it would be shut out by what the test appends in its place.
      const [owner] = tollgate.owners(kind);
      owner!.signal('SIGSTOP');
      const { event, callId } = broken(await lastOf(upstream, type));
      const eventSeq = await appendInPlaceOf(upstream, batchOf(await epochOf(upstream), [event]));
      const frameSeq = await appendInPlaceOf(upstream, new TextEncoder().encode('{"epoch":1}'));

      for (const stage of [...parkers, 'audit']) {
        await expectParked({ stage, seq: eventSeq, code: 'undecodable', input_type: type });
        await expectParked({ stage, seq: frameSeq, code: 'undecodable', input_type: null });
      }
      if (ends) await expectEnded(callId);

      // A stage that cannot read its own journal stops (that is a deployment): take out what no release of it wrote.
      await appendInPlaceOf(upstream, batchOf(await epochOf(upstream), []));
      await Promise.all(
        [eventSeq, frameSeq].map((seq) => bus.manager.streams.deleteMessage(journalStream(upstream, 0), seq)),
      );
      owner!.signal('SIGCONT');
      await executesOne();
    });
  });

  it('has left counters, tool and record as if it had not happened', async () => {
    while (calls < CAP) await executesOne();
    const refused = await tollgate.api.run({ agent_id: 'a', tool: 'charge', args: { n: 0 } });
    expect(refused.body).toMatchObject({ policy_reason: 'max_actions_per_hour_exceeded', limit: CAP, remaining: 0 });
    expect(tollgate.tool.at('charge')).toHaveLength(CAP);
    const { length } = await parked();
    // Six in CALLS and one with a call; two in each journal, parked by each of its readers and by audit.
    expect(length).toBe(7 + 2 * (2 + 2 + 3 + 3));
  });

  it('is settled by an operator: what held something for it hears of it, and it is off the list', async () => {
    const open = await parked();
    const ending = open.find(({ stage, input_type }) => stage === 'lease' && input_type === 'executed')!;
    expect(await settle(ending, 'failed')).toEqual({ id: ending.id, settled: 'failed', note: 'seen at the tool' });
    const answers = (await Ledger.read(tollgate.nats.url)).events('dispatch');
    const said = {
      input: { stage: 'lease', seq: ending.seq },
      callId: ending.call_id,
      says: 'failed',
      answer: 'settled',
    };
    expect(answers.filter(({ type }) => type === 'settlement-answered')).toMatchObject([{ data: said }]);
    const frame = open.find(({ call_id }) => call_id === null)!;
    await expect(settle(frame, 'executed')).rejects.toThrow('only `nothing` fits');
    await settle(frame, 'nothing');
    await eventually('both are off the list', async () => (await parked()).length === open.length - 2, 10_000, 300);
    const all = await cli<object[]>(tollgate, 'admin', 'parked', 'list', '--all');
    expect(all).toContainEqual(expect.objectContaining({ id: ending.id, settled: 'failed', note: 'seen at the tool' }));
  });

  it('that another release knows may be settled as the end of its call where the record shows that it has ended', async () => {
    const parkWordOf = async (callId: string): Promise<{ id: string }> => {
      const word = { ...envelope, type: 'from-elsewhere', data: { callId } };
      const seq = await bus.append(callsSubject(0, 'policy'), new TextEncoder().encode(JSON.stringify(word)));
      await expectParked({ stage: 'policy', seq, code: 'unknown_type', call_id: callId });
      return { id: `policy:${callsStream(0)}:${seq}:0` };
    };
    const { data } = (await lastOf('dispatch', 'executed')) as EventOf<typeof executed>;
    const [ofNobody, ofEnded] = [await parkWordOf(`call_${randomUUID()}`), await parkWordOf(data.call.callId)];
    await expect(settle(ofNobody, 'executed')).rejects.toThrow('the record shows none: only `nothing` fits');
    expect(await settle(ofEnded, 'executed')).toMatchObject({ id: ofEnded.id, settled: 'executed' });
    const said = { callId: data.call.callId, says: 'executed', answer: 'settled' };
    expect((await lastOf('dispatch', 'settlement-answered')).data).toMatchObject(said);
  });

  const appendInPlaceOf = async (upstream: JournalName, body: Uint8Array): Promise<number> =>
    bus.append(journalSubject(upstream, 0), body, { lastSeq: await bus.endOf(journalStream(upstream, 0)) });

  async function epochOf(upstream: JournalName): Promise<string> {
    const messages = await everything(bus, journalStream(upstream, 0));
    const epochs = messages.flatMap(({ data }) => {
      const { epoch } = JSON.parse(new TextDecoder().decode(data)) as { epoch?: unknown };
      return typeof epoch === 'string' ? [epoch] : [];
    });
    return epochs.at(-1)!;
  }

  async function lastOf(upstream: JournalName, type: string): Promise<TollgateEvent> {
    const events = (await Ledger.read(tollgate.nats.url)).events(upstream);
    return events.findLast((event) => event.type === type)!;
  }
});

const envelope = { v: 1, id: 0, at: 0, tenant: 'default' };

const batchOf = (epoch: string, events: readonly object[]): Uint8Array =>
  encodeBatch({ epoch, positions: {}, events: events as TollgateEvent[] });

/** The event of another call, of which nothing but its header can be read. */
function broken(event: TollgateEvent): { event: object; callId: string } {
  const callId = `call_${randomUUID()}`;
  const { call } = event.data as { call: object };
  const header = { ...call, callId, runId: callId, requestedId: 0 };
  return { callId, event: { ...event, data: { call: header, args: 'torn', outcome: 'torn' } } };
}
