import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.js';
import { COMMANDS } from './commands.js';
import { helpOn } from './help.js';
import { readable } from './readable.js';

export async function admin(args: readonly string[]): Promise<string> {
  const { values, positionals } = parse(args);
  if (values.help === true || positionals.length === 0) return helpOn(positionals);
  const [noun, verb, ...rest] = positionals;
  const command = COMMANDS[`${noun} ${verb}`];
  if (command === undefined) {
    throw new UsageError(`there is no command "admin ${positionals.join(' ')}"`, helpOn(positionals.slice(0, 1)));
  }
  if (rest.length !== command.takes.length || !command.takes.every((taken, at) => fits(taken, rest[at] ?? ''))) {
    const wanted = command.takes.length === 0 ? 'nothing more' : command.takes.join(' ');
    throw new UsageError(`"admin ${noun} ${verb}" takes ${wanted}`, helpOn(positionals));
  }
  const { name, plan, note, all = false } = values;
  const answer = await command.run(rest, { name, plan, note, all });
  return values.json === true ? `${JSON.stringify(answer, null, 2)}\n` : readable(answer);
}

const fits = (taken: string, given: string): boolean =>
  taken.startsWith('<') ? given !== '' : taken.split('|').includes(given);

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: 'string', default: 'admin' },
        plan: { type: 'string' },
        note: { type: 'string' },
        all: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, helpOn([]));
  }
}
