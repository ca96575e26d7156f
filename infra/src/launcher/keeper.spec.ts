import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopProcess } from '../servers/index.js';
import { Keeper } from './keeper.js';
import type { Kept } from './keeper.js';

function sleeper(): Kept {
  const process_ = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  return { process: process_, stop: () => stopProcess(process_, 'SIGTERM') };
}

describe('a keeper', () => {
  it('starts again what was killed, and says so', async () => {
    const said: string[] = [];
    const launched: Kept[] = [];
    const launch = async (): Promise<Kept> => {
      launched.push(sleeper());
      return launched.at(-1)!;
    };
    const keeper = new Keeper({ name: 'policy', launch, print: (line) => said.push(line), onChange: () => undefined });
    const first = await keeper.start();
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    expect(keeper.current).toBeUndefined();
    while (keeper.current === undefined) await sleep(20);
    expect(said).toEqual([
      '! policy ended (SIGKILL); starting it again in 0.5 s',
      `  policy runs again (process ${keeper.current.process.pid})`,
    ]);
    await keeper.stop();
    expect(launched).toHaveLength(2);
  });

  it('leaves alone what it was told to stop', async () => {
    const said: string[] = [];
    const launch = async (): Promise<Kept> => sleeper();
    const keeper = new Keeper({ name: 'policy', launch, print: (line) => said.push(line), onChange: () => undefined });
    const child = await keeper.start();
    await keeper.stop();
    expect(child.process.signalCode).toBe('SIGTERM');
    expect(said).toEqual([]);
  });
});
