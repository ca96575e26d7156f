import { Api } from '../api/api.js';
import { serverOf } from '../api/server.js';
import { COMMANDS } from '../commands/index.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal/terminal.js';
import { UsageError } from '../usage-error.js';
import type { Command, Result } from './command.js';
import { commandHelp, listHelp } from './help.js';
import { parsed } from './parsed.js';
import { told } from './told.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs what was typed; answers the exit code. */
export async function execute(words: readonly string[], terminal: Terminal, env: Environment): Promise<ExitCode> {
  const json = words.includes('--json');
  try {
    const { answer, text, exit = EXIT.done } = await resultOf(words, terminal, env);
    if (answer === undefined || !json) terminal.print(text);
    else terminal.print(`${JSON.stringify(answer, null, 2)}\n`);
    return exit;
  } catch (error) {
    return told(error, terminal, json);
  }
}

async function resultOf(words: readonly string[], terminal: Terminal, env: Environment): Promise<Result> {
  const found = commandOf(words);
  if (typeof found === 'string') return { answer: undefined, text: found };
  const { given, common } = parsed(found.command, found.rest);
  if (common.help) return { answer: undefined, text: commandHelp(found.command) };
  const say = (line: string) => {
    terminal.say(`tollgate: ${line}`);
  };
  return found.command.run(given, {
    api: new Api(serverOf(common, env), say),
    terminal,
    show: (answer, text) => {
      terminal.print(common.json ? `${JSON.stringify(answer)}\n` : text);
    },
  });
}

/** The command that the first words are, or help. @throws UsageError */
function commandOf(words: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } | string {
  const [first, second] = words;
  const command = COMMANDS.find((one) => one.words === `${first} ${second}` || one.words === first);
  if (command !== undefined) return { command, rest: words.slice(command.words.split(' ').length) };
  if (first === undefined || isHelp(first)) return listHelp(COMMANDS);
  if (!COMMANDS.some((one) => one.words.startsWith(`${first} `))) {
    throw new UsageError(`there is no command "${first}": npx tollgate --help lists all`);
  }
  if (second === undefined || isHelp(second)) return listHelp(COMMANDS, first);
  throw new UsageError(`there is no command "${first} ${second}"`, listHelp(COMMANDS, first));
}

const isHelp = (word: string): boolean => ['--help', '-h', 'help'].includes(word);
