import { execute } from './command/execute.js';
import { told } from './command/told.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { processTerminal, type Terminal } from './terminal/terminal.js';

/** Speaks to the installation's own servers, and needs what reaches them. */
async function executeAdmin(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { admin } = await import('./admin/index.js');
  try {
    terminal.print(await admin(words));
    return EXIT.done;
  } catch (error) {
    return told(error, terminal, false);
  }
}

const [first, ...rest] = process.argv.slice(2);
const terminal = processTerminal();
if (first === 'admin') process.exitCode = await executeAdmin(rest, terminal);
else process.exitCode = await execute(process.argv.slice(2), terminal, process.env);
