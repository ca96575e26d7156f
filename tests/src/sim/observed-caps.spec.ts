import 'reflect-metadata';
import { call, PLAIN } from './built-regressions.js';
import { violations } from './checks/index.js';
import type { Scenario } from './scenario.js';
import { Simulation } from './simulation.js';

const capped: Scenario = {
  ...PLAIN,
  tools: [{ name: 'pay', onUnknown: 'hold', maxRetries: 0, timeoutMs: 250, dedupWindowSec: 0 }],
  caps: { maxCallsPerTool: 2 },
  mood: 'kind',
};

/** Six calls under a cap of two, and a new owner of budget amid them. */
async function played(scenario: Scenario): Promise<Simulation> {
  const kill = { does: 'kill', when: { plusMs: 35 }, whom: { stage: 'budget', partition: 0, who: 'owner' } } as const;
  const actions = [...[1, 2, 3, 4, 5].map((n) => call(n, n * 10)), { ...kill, downMs: 500 }, call(6, 4_000)];
  const simulation = new Simulation(7, { scenario, actions }, false);
  await simulation.play();
  return simulation;
}

const endings = ({ record }: Simulation, type: string) =>
  record.entries.filter(({ event }) => event.type === type).map(({ event }) => event.data);

describe('G3 in the simulation, under a policy that observes', () => {
  it('takes calls past its caps, that say so, for no break', async () => {
    const simulation = await played({ ...capped, mode: 'observe' });
    const calls = endings(simulation, 'executed');
    expect(calls).toHaveLength(6);
    const noted = { call: expect.objectContaining({ wouldBlock: 'max_calls_per_tool_exceeded' }) };
    expect(calls.filter((one) => expect.objectContaining(noted).asymmetricMatch(one))).toHaveLength(4);
    expect(violations(simulation)).toEqual([]);
  });

  it('sees the same calls blocked by one that enforces', async () => {
    const simulation = await played(capped);
    expect([endings(simulation, 'executed').length, endings(simulation, 'blocked').length]).toEqual([2, 4]);
    expect(violations(simulation)).toEqual([]);
  });
});
