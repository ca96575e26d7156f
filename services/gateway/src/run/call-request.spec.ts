import { createSealer } from '@tollgate/sealing';
import { requestedFrom, type Surroundings } from './call-request.js';
import { runBody, type RunBody, type RunSent } from './run.schema.js';

const sealer = createSealer({ keys: [{ id: 'k', key: Buffer.alloc(32, 1) }], mode: 'on' });
const around: Surroundings = {
  callId: 'call_1',
  gateway: 'g',
  waitUntil: 30,
  caller: { tenant: 't', keyId: 'key_1', role: 'agent', agents: ['a'] },
  idempotencyKey: undefined,
  runIdIsArgument: false,
  hashKeys: { args: Buffer.alloc(32, 2), idempotency: Buffer.alloc(32, 3) },
  sealer,
};
const requestedBy = (sent: object, more: Partial<Surroundings> = {}) =>
  requestedFrom(callIn(runBody.parse({ agent_id: 'a', tool: 'mail', ...sent })), { ...around, ...more });

function callIn(sent: RunSent): RunBody {
  if (sent.mode === 'key') throw new TypeError('a job');
  return sent.call;
}

describe('the first event of a call', () => {
  it('has the arguments sealed for this tenant and call', () => {
    const { args } = requestedBy({ args: { card: '4242' } });
    expect(JSON.stringify(args)).not.toContain('4242');
    expect(sealer.open('inline' in args ? args.inline : undefined, { tenant: 't', callId: 'call_1' })).toEqual({
      card: '4242',
    });
  });

  it('has the same hash for the same arguments in another order', () => {
    expect(requestedBy({ args: { a: 1, b: 2 } }).call.argsHash).toBe(
      requestedBy({ args: { b: 2, a: 1.0 } }).call.argsHash,
    );
  });

  it('takes absent arguments as none', () => {
    expect(requestedBy({}).call.argsHash).toBe(requestedBy({ args: {} }).call.argsHash);
  });

  it('is a run of its own when no run is named', () => {
    expect(requestedBy({}).call.runId).toBe('call_1');
  });

  it('has its spend in micro-dollars and the idempotency key as a hash', () => {
    const data = requestedBy({ spend_usd: 0.25 }, { idempotencyKey: 'order-7' });
    expect(data.spend).toBe(250_000);
    expect(data.idempotencyHash).toMatch(/^[\w-]{43}$/);
  });
});

describe('a run id among the arguments', () => {
  it('names the run and does not count', () => {
    const data = requestedBy({ args: { a: 1, run_id: 'r' } });
    expect([data.call.runId, data.hashWithoutRunId]).toEqual(['r', requestedBy({ args: { a: 1 } }).call.argsHash]);
  });

  it('is an argument when the body names the run', () => {
    const data = requestedBy({ run_id: 'body', args: { run_id: 'r' } });
    expect([data.call.runId, data.hashWithoutRunId]).toEqual(['body', undefined]);
  });

  it('is an argument when it is no string', () => {
    const data = requestedBy({ args: { run_id: 7 } });
    expect([data.call.runId, data.hashWithoutRunId]).toEqual(['call_1', undefined]);
  });

  it('does not name the run when the tool says so; policy decides what counts', () => {
    expect(requestedBy({ args: { run_id: '' } }, { runIdIsArgument: true }).call.runId).toBe('call_1');
  });

  it('is refused when it is no id', () => {
    expect(() => requestedBy({ args: { run_id: '' } })).toThrow(expect.objectContaining({ status: 422 }));
  });
});

describe('a call is refused', () => {
  it('for arguments over 64 KB, counted in bytes', () => {
    expect(() => requestedBy({ args: { a: 'x'.repeat(65_530) } })).toThrow(expect.objectContaining({ status: 413 }));
    expect(() => requestedBy({ args: { a: 'é'.repeat(32_800) } })).toThrow(expect.objectContaining({ status: 413 }));
    expect(() => requestedBy({ args: { a: 'x'.repeat(65_528) } })).not.toThrow();
  });

  it.each([
    [{ agent_id: 'a' }, 'tool'],
    [{ tool: 't' }, 'agent_id'],
    [{ key: 'k', agent_id: 'a', tool: 't' }, 'key'],
    [{ key: 'k', ttl: 0 }, 'ttl'],
    [{ agent_id: 'a', tool: 't', dry_run: 'true' }, 'dry_run'],
    [{ agent_id: 'a', tool: 't', spend_usd: -1 }, 'spend_usd'],
    [{ agent_id: 'a', tool: 't', args: [] }, 'args'],
    [{ agent_id: 'a', tool: 't', run_id: '' }, 'run_id'],
    [{ agent_id: 'a', tool: 't', idempotency_key: 'x'.repeat(257) }, 'idempotency_key'],
  ])('%j', (body, member) => {
    expect(runBody.safeParse(body).error?.issues[0]?.path).toEqual([member]);
  });
});
