import type { Event } from '@tollgate/events';
import { Bus, decodeBatch, JOURNALS, journalStream } from '@tollgate/journal';
import { answer, Installation } from '../harness/index.js';

/** What each journal says of the calls, in its order: the events, without what differs from run to run. */
async function journaled(natsUrl: string): Promise<Record<string, Said[]>> {
  const bus = await Bus.connect(natsUrl, { name: 'test', reconnect: false });
  try {
    const said: Record<string, Said[]> = {};
    for (const journal of JOURNALS) {
      const stream = journalStream(journal, 0);
      const events: Said[] = [];
      for (let seq = 1, last = await bus.endOf(stream); seq <= last; seq++) {
        const message = await bus.message(stream, seq);
        if (message !== undefined) events.push(...decodeBatch(message.data).events.map(saidBy));
      }
      said[journal] = events.filter(({ type }) => type !== 'owner-changed' && type !== 'config-applied');
    }
    return said;
  } finally {
    await bus.close();
  }
}

/** What an event decides: its type and what it says of outcome and attempt; no ids, no times. */
type Said = Readonly<Record<string, unknown>> & { readonly type: string };

function saidBy({ type, data }: Event): Said {
  const { outcome, attempt, known, code, httpStatus } = data as Readonly<Record<string, unknown>>;
  const { decision, reason, spend, error, attempt: last } = (outcome ?? {}) as Readonly<Record<string, unknown>>;
  return { type, decision, reason, spend, error, attempt: attempt ?? last, known, code, httpStatus };
}

async function played(layout: 'one' | 'each'): Promise<Record<string, Said[]>> {
  const tollgate = await Installation.start({ layout });
  try {
    await tollgate.register('echo');
    await tollgate.register('broken');
    tollgate.tool.on('broken', answer(422));
    const prices = [{ tool: 'echo', price_usd: 0.25 }];
    await tollgate.policy('ann', {
      blocked_tools: ['never'],
      max_calls_per_tool: { echo: 1 },
      pricing_rules: prices,
    });
    const run = (tool: string, args: object) => tollgate.api.run({ agent_id: 'ann', tool, args });
    await run('echo', { a: 1 });
    await run('echo', { a: 1 });
    await run('echo', { a: 2 });
    await run('never', {});
    await run('nowhere', {});
    await run('broken', {});
    await tollgate.processesStopped();
    return await journaled(tollgate.nats.url);
  } finally {
    await tollgate.stop();
  }
}

describe('one process for all services, or one for each', () => {
  it('is the same code on the same bus: the journals hold the same events of the same calls', async () => {
    const together = await played('one');
    expect(together).toEqual(await played('each'));
    expect(together['dispatch']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'attempt-ended', attempt: 1, known: 'executed' }),
        expect.objectContaining({ type: 'executed', decision: 'executed', reason: 'ok', spend: 250_000 }),
        expect.objectContaining({ type: 'failed', decision: 'failed', reason: 'tool_error', spend: 0 }),
      ]),
    );
  }, 120_000);
});
