import { orExit } from './command.mjs';
import { compile } from './compile.mjs';
import { ensureInstalled } from './install.mjs';

/** From a fresh clone, or after a change, to something that runs. Ends the process with a message when it cannot. */
export async function makeReady() {
  await orExit(async () => {
    await ensureInstalled();
    await compile();
  });
}
