import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { call, cutBack, PLAIN } from './built-regressions.js';
import { playRun } from './play-runs.js';
import { REGRESSIONS } from './regressions.js';
import { shrink } from './shrink.js';
import type { Setting } from './simulation.js';

const RUNS = 150;
const MAIN = join(import.meta.dirname, 'main.js');

describe('the simulation', () => {
  it(`sees every guarantee held in ${RUNS} runs`, async () => {
    for (let seed = 1; seed <= RUNS; seed++) expect(await playRun(seed, false)).toMatchObject({ broken: [] });
  }, 60_000);

  it('plays the same seed the same way, byte for byte', async () => {
    for (const seed of [3, 14, 159]) {
      const { trace } = await playRun(seed, true);
      expect(trace.length).toBeGreaterThan(10);
      expect((await playRun(seed, true)).trace).toEqual(trace);
    }
  });

  it('plays a seed the same way alone in its process, where messages are decoded once for all, and after 20 others', async () => {
    for (let seed = 1; seed <= 20; seed++) await playRun(seed, false);
    const { trace } = await playRun(159, true);
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, '--trace', '--seed', '159']);
    expect(stdout.split('\n').slice(0, trace.length)).toEqual(trace);
  }, 30_000);

  it('plays a seed the same way whatever asks for it: a message to a worker, a timer, or a run before it', async () => {
    const { trace } = await playRun(1, true);
    const ofTimer = await new Promise((resolve) => setTimeout(() => resolve(playRun(1, true)), 0));
    expect(ofTimer).toMatchObject({ trace });
  });

  it('cuts off everybody before a broker loses its tail, also an owner that is being shut down', async () => {
    expect(await playRun(40_894_401, false)).toMatchObject({ broken: [] });
  });

  it('asks nobody for what was purged behind his position, also where it holds what he published last', async () => {
    const usurp = (plusMs: number) => ({ does: 'usurp', when: { plusMs }, stage: 'dispatch', partition: 0 }) as const;
    const setting: Setting = {
      scenario: { ...PLAIN, audits: 1, mood: 'kind' },
      actions: [call(1, 100), usurp(2_000), usurp(4_000), cutBack(6_000, { dispatch: 6 }, true)],
    };
    expect(await playRun(1, false, setting)).toMatchObject({ broken: [] });
  });

  it('plays another seed another way', async () => {
    expect((await playRun(1, true)).trace).not.toEqual((await playRun(2, true)).trace);
  });

  it('leaves nothing out of a run that breaks nothing', async () => {
    await expect(shrink(1)).rejects.toThrow('breaks nothing');
  });

  it.each(['a call twice in CALLS is decided twice', 'a duplicate does not wait'])(
    'notices that a rule is left out: %s',
    async (mutant) => {
      const args = [MAIN, '--mutants', '--mutant', mutant, '--runs', '200', '--workers', '1'];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      expect(stdout).toContain('1 of 1 mutants found');
    },
    30_000,
  );

  it('begins the hunt for a mutant with the run that is kept for it', async () => {
    const mutant = 'who has waited and looked takes over though he waits no more';
    const args = [MAIN, '--mutants', '--mutant', mutant, '--runs', '1', '--workers', '1'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toMatch(/takes over though he waits no more +1 .* the kept run "a call that had waited, and looked/);
  }, 30_000);

  it('plays runs with a rule left out, one by one as well', async () => {
    const args = [MAIN, '--runs', '40', '--workers', '1', '--mutant', 'a duplicate does not wait'];
    const played = promisify(execFile)(process.execPath, args);
    await expect(played).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('broke a guarantee') });
  }, 30_000);

  it.each(REGRESSIONS)('does not break again: $what', async ({ seed, setting }) => {
    expect(await playRun(seed, false, setting)).toMatchObject({ broken: [] });
  });
});
