/* `npm start`: the whole installation on one machine. See HELP in launcher/options.ts. */
import { dataFolder } from './launcher/data-folder.js';
import { LaunchError } from './launcher/launch-error.js';
import { HELP, parseCommand } from './launcher/options.js';
import type { Command } from './launcher/options.js';
import { reset } from './launcher/reset.js';
import { run } from './launcher/run.js';
import { readRunning } from './launcher/run-record.js';

const print = (line: string): void => console.log(line);

async function execute(command: Command): Promise<number> {
  switch (command.does) {
    case 'help':
      print(HELP);
      return 0;
    case 'status':
      print(JSON.stringify(await readRunning(dataFolder(command.data).run)));
      return 0;
    case 'reset':
      await reset(dataFolder(command.data), command.sure, print);
      return 0;
    case 'start': {
      const folder = dataFolder(command.data, process.env['NATS_URL']);
      return run({ ...command, folder, environment: process.env, print });
    }
  }
}

function parseOrExit(): Command {
  try {
    return parseCommand(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return process.exit(2);
  }
}

try {
  process.exit(await execute(parseOrExit()));
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  print(`✗ ${error.why}\n  What to do: ${error.whatToDo}`);
  process.exit(1);
}
