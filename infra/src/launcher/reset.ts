import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { DataFolder } from './data-folder.js';
import { makeDataFolder } from './data-folder.js';
import { endLeftOvers } from './left-overs.js';
import { lockFolder } from './lock.js';
import type { Print } from './progress.js';
import { leftOver } from './run-record.js';

/** Empties the data folder. Not while Tollgate runs, and not without a yes. */
export async function reset(folder: DataFolder, sure: boolean, print: Print): Promise<void> {
  await makeDataFolder(folder);
  const lock = await lockFolder(folder.lock);
  try {
    if (!sure && !(await asksYes(`Delete all keys, policies, tools and history in ${folder.path}? [y/N] `))) {
      print('Nothing was deleted.');
      return;
    }
    await endLeftOvers(await leftOver(folder.run));
    await empty(folder);
    print(`${folder.path} is empty.`);
  } finally {
    await lock.release();
  }
}

async function empty(folder: DataFolder): Promise<void> {
  const names = (await readdir(folder.path)).map((name) => join(folder.path, name));
  const data = names.filter((path) => path !== folder.lock);
  await Promise.all(data.map((path) => rm(path, { recursive: true, force: true })));
}

/** No answer, as from a pipe that ends, is a no. */
async function asksYes(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const answer = await Promise.race([terminal.question(question), closed]);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
