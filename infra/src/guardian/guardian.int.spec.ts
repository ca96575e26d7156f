import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './alive.js';

const guardianUrl = new URL('./guardian.js', import.meta.url).href;

/** Starts two children, one deaf to SIGTERM, has them guarded, and prints their pids. */
const PARENT = `
import { spawn } from 'node:child_process';
import { guard } from ${JSON.stringify(guardianUrl)};
const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
const child = (code, last) => {
  const it = spawn(process.execPath, ['-e', code], { detached: true, stdio: 'ignore' });
  guard(it, { stopSignal: 'SIGTERM', last });
  return it.pid;
};
console.log(JSON.stringify([child(deaf, false), child('setInterval(() => {}, 1000)', true)]));
setInterval(() => {}, 1000);
`;

it('within 10 s of the death of their parent by kill -9 no guarded process lives', async () => {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const pids = JSON.parse(line) as number[];
  await sleep(200); // for the deaf one to install its handler
  expect(pids.map(isAlive)).toEqual([true, true]);
  parent.kill('SIGKILL');
  const deadline = Date.now() + 10_000;
  while (pids.some(isAlive) && Date.now() < deadline) await sleep(100);
  expect(pids.map(isAlive)).toEqual([false, false]);
}, 20_000);
