import { Bus, decodeBatch, JOURNALS, journalStream } from '@tollgate/journal';
import { answer, Installation } from '../harness/index.js';

/** What each journal says of the calls, in its order: the events' types, without what differs from run to run. */
async function journaled(natsUrl: string): Promise<Record<string, string[]>> {
  const bus = await Bus.connect(natsUrl, { name: 'test', reconnect: false });
  try {
    const said: Record<string, string[]> = {};
    for (const journal of JOURNALS) {
      const stream = journalStream(journal, 0);
      const types: string[] = [];
      for (let seq = 1, last = await bus.endOf(stream); seq <= last; seq++) {
        const message = await bus.message(stream, seq);
        if (message !== undefined) types.push(...decodeBatch(message.data).events.map(({ type }) => type));
      }
      said[journal] = types.filter((type) => type !== 'owner-changed' && type !== 'config-applied');
    }
    return said;
  } finally {
    await bus.close();
  }
}

async function played(layout: 'one' | 'each'): Promise<Record<string, string[]>> {
  const tollgate = await Installation.start({ layout });
  try {
    await tollgate.register('echo');
    await tollgate.register('broken');
    tollgate.tool.on('broken', answer(422));
    await tollgate.policy('ann', { blocked_tools: ['never'], max_calls_per_tool: { echo: 1 } });
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
    expect(together['dispatch']).toEqual(expect.arrayContaining(['dispatch-started', 'executed', 'failed']));
  }, 120_000);
});
