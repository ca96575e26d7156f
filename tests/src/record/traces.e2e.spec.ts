import { randomBytes } from 'node:crypto';
import { eventually, Installation, OtlpReceiver, type ReceivedSpan } from '../harness/index.js';

const SERVER = 2;
const CLIENT = 3;
const ADMITTED = [
  'POST /v1/ai/run',
  'policy calls/requested',
  'lease policy/policy-passed',
  'budget lease/lease-acquired',
  'dispatch budget/budget-reserved',
];
/** The spans of a call that is executed over a connection that stands. */
const EXECUTED = [...ADMITTED, 'dispatch POST', 'dispatch local/answered', 'lease dispatch/executed'];

describe('one trace per call, across six processes', () => {
  let receiver: OtlpReceiver;
  let tollgate: Installation;
  beforeAll(async () => {
    receiver = await OtlpReceiver.start();
    tollgate = await Installation.start({ layout: 'each', env: receiver.env });
    await tollgate.register('echo');
  }, 60_000);
  afterAll(async () => {
    await tollgate.stop();
    await receiver.stop();
  }, 30_000);

  /** Makes a call under a trace of its own; the spans of that trace, when all that were waited for are there. */
  async function tracedCall(change: object, names: readonly string[], decision: string): Promise<Tree> {
    const traceId = randomBytes(16).toString('hex');
    const caller = randomBytes(8).toString('hex');
    const call = { agent_id: 'a1', tool: 'echo', args: {}, ...change };
    const { body } = await tollgate.api.run(call, { traceparent: `00-${traceId}-${caller}-01` });
    expect(body.decision).toBe(decision);
    await eventually(`spans ${names.join(', ')}`, () => {
      const there = receiver.trace(traceId).map(({ name }) => name);
      return names.every((name) => there.includes(name));
    });
    return { traceId, caller, callId: body.call_id as string, spans: receiver.trace(traceId) };
  }

  it('an executed call: from the request through every stage to the tool and back, by parent ids', async () => {
    const tree = await tracedCall({ args: { n: 'first' } }, [...EXECUTED, 'dispatch local/prepared'], 'executed');
    expectChain(tree, [...ADMITTED, 'dispatch local/prepared', 'dispatch POST']);
    // The first attempt had to connect; its end follows the decision that started it.
    expectChain(tree, ['dispatch local/prepared', 'dispatch local/answered', 'lease dispatch/executed']);

    // The connection stands: the attempt begins in the decision on the reservation.
    const again = await tracedCall({ args: { n: 'second' } }, EXECUTED, 'executed');
    expectChain(again, [...ADMITTED, 'dispatch POST']);
    expectChain(again, ['dispatch budget/budget-reserved', 'dispatch local/answered', 'lease dispatch/executed']);
    expect(again.spans).toHaveLength(EXECUTED.length);
  }, 30_000);

  it('each span is made by the process of its service, and says which call it belongs to', async () => {
    const tree = await tracedCall({ args: { n: 'services' } }, EXECUTED, 'executed');
    const services = Object.fromEntries(tree.spans.map(({ name, resource }) => [name, resource]));
    expect(services).toMatchObject({
      'POST /v1/ai/run': 'tollgate-gateway',
      'policy calls/requested': 'tollgate-policy',
      'lease policy/policy-passed': 'tollgate-lease',
      'budget lease/lease-acquired': 'tollgate-budget',
      'dispatch budget/budget-reserved': 'tollgate-dispatcher',
      'dispatch POST': 'tollgate-dispatcher',
    });
    const silent = tree.spans.filter(({ attributes }) => attributes['tollgate.call_id'] !== tree.callId);
    // A key that settles is not a call's own affair any more: waiting repeats of others hang on it.
    expect(silent.map(({ name }) => name)).toEqual(['lease dispatch/executed']);
    expect(named(tree, 'dispatch local/answered').attributes).toMatchObject({
      'tollgate.event': 'executed',
      'tollgate.decision': 'executed',
      'tollgate.reason': 'ok',
    });
  }, 30_000);

  it('continues the trace of the client, and hands it on to the tool as the span of the request', async () => {
    const tree = await tracedCall({ args: { n: 'handed on' } }, ['POST /v1/ai/run', 'dispatch POST'], 'executed');
    const request = named(tree, 'POST /v1/ai/run');
    expect(request).toMatchObject({ kind: SERVER, parentSpanId: tree.caller });
    const sent = named(tree, 'dispatch POST');
    expect(sent).toMatchObject({ kind: CLIENT, attributes: { 'http.response.status_code': 200 } });
    const received = tollgate.tool.at('echo').find(({ body }) => body.call_id === tree.callId);
    expect(received?.headers['traceparent']).toBe(`00-${tree.traceId}-${sent.spanId}-01`);
  }, 30_000);

  it('a call without a trace of its client begins one', async () => {
    const { body } = await tollgate.api.run({ agent_id: 'a1', tool: 'echo', args: { n: 'rootless' } });
    const root = (): ReceivedSpan | undefined =>
      receiver.spans.find((span) => span.kind === SERVER && span.attributes['tollgate.call_id'] === body.call_id);
    await eventually('the span of the request', () => root() !== undefined);
    expect(root()?.parentSpanId).toBeUndefined();
    const received = tollgate.tool.at('echo').find((one) => one.body.call_id === body.call_id);
    expect(received?.headers['traceparent']).toContain(root()?.traceId);
  }, 30_000);

  it('a repeat ends in the lease stage', async () => {
    await tollgate.api.run({ agent_id: 'a1', tool: 'echo', args: { n: 'repeated' } });
    const path = ['POST /v1/ai/run', 'policy calls/requested', 'lease policy/policy-passed'];
    const tree = await tracedCall({ args: { n: 'repeated' } }, path, 'dedup');
    expectChain(tree, path);
    expect(tree.spans).toHaveLength(path.length);
    expect(named(tree, 'lease policy/policy-passed').attributes).toMatchObject({ 'tollgate.decision': 'dedup' });
  }, 30_000);

  it('a blocked call ends in the policy stage', async () => {
    await tollgate.policy('blocked', { blocked_tools: ['echo'] });
    const path = ['POST /v1/ai/run', 'policy calls/requested'];
    const tree = await tracedCall({ agent_id: 'blocked' }, path, 'blocked');
    expectChain(tree, path);
    expect(tree.spans).toHaveLength(path.length);
    expect(named(tree, 'policy calls/requested').attributes).toMatchObject({
      'tollgate.reason': 'tool_explicitly_blocked',
    });
  }, 30_000);

  it('the projections are linked: each has a span of its own that points at the trace it stores', async () => {
    const tree = await tracedCall({ args: { n: 'projected' } }, EXECUTED, 'executed');
    const projections = (): ReceivedSpan[] =>
      receiver.spans.filter(({ name, links }) => name === 'audit project' && links.some(pointsAt(tree.traceId)));
    const kinds = () => [...new Set(projections().map(({ attributes }) => attributes['tollgate.projection']))].sort();
    await eventually('every projection', () => kinds().length === 4);
    expect(kinds()).toEqual(['decisions', 'postgres', 'redis', 'tasks']);
    const made = new Set(receiver.trace(tree.traceId).map(({ spanId }) => spanId));
    for (const { resource, parentSpanId, links } of projections()) {
      expect(resource).toBe('tollgate-audit');
      expect(parentSpanId).toBeUndefined();
      for (const link of links.filter(pointsAt(tree.traceId))) expect(made).toContain(link.spanId);
    }
  }, 30_000);
});

interface Tree {
  readonly traceId: string;
  /** The span of the client, which it named in `traceparent`. */
  readonly caller: string;
  readonly callId: string;
  readonly spans: readonly ReceivedSpan[];
}

const pointsAt =
  (traceId: string) =>
  (link: { readonly traceId: string }): boolean =>
    link.traceId === traceId;

function named({ spans }: Tree, name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  expect(found.map((span) => span.name)).toEqual([name]);
  return found[0] as ReceivedSpan;
}

/** Each span is the child of the one before it. */
function expectChain(tree: Tree, names: readonly string[]): void {
  const chain = names.map((name) => named(tree, name));
  const parents = chain.map(({ parentSpanId }) => tree.spans.find(({ spanId }) => spanId === parentSpanId)?.name);
  expect(parents.slice(1)).toEqual(names.slice(0, -1));
}
