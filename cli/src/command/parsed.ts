import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.js';
import type { Command, Given } from './command.js';
import { COMMON_OPTIONS } from './common-options.js';
import { usageHelp } from './help.js';
import type { Options, Values } from './option.js';

export interface Parsed {
  readonly given: Given<Options>;
  readonly common: Values<typeof COMMON_OPTIONS>;
}

/** @throws UsageError that says how it is meant */
export function parsed(command: Command, words: readonly string[]): Parsed {
  const wrong = (message: string) => new UsageError(message, usageHelp(command));
  const { values, positionals } = split(command, words, wrong);
  const common = read(COMMON_OPTIONS, values, wrong);
  if (!common.help) mustFit(command, positionals, wrong);
  return { given: { args: positionals, options: read(command.options, values, wrong) }, common };
}

type Wrong = (message: string) => UsageError;
type Raw = Readonly<Record<string, unknown>>;

function split(command: Command, words: readonly string[], wrong: Wrong): { values: Raw; positionals: string[] } {
  const named = Object.entries({ ...COMMON_OPTIONS, ...command.options });
  const options = Object.fromEntries(named.map(([name, { type, multiple }]) => [name, { type, multiple }]));
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: { ...options, help: { ...HELP } } });
  } catch (error) {
    throw wrong(words.some((word) => SECRETS.test(word)) ? NOT_HERE : (error as Error).message);
  }
}

const SECRETS = /^--(key|api-key|secret)(=|$)/;
const NOT_HERE =
  'secrets are not taken from the command line, which every process of the machine may read: TOLLGATE_API_KEY or --key-file for the key, --secret-file for that of a tool';

const HELP = { type: 'boolean', short: 'h' } as const;

function read<O extends Options>(options: O, values: Raw, wrong: Wrong): Values<O> {
  const entries = Object.entries(options).map(([name, option]) => {
    try {
      return [name, option.read(values[name])];
    } catch (error) {
      throw wrong(`--${name} ${(error as Error).message}`);
    }
  });
  return Object.fromEntries(entries) as Values<O>;
}

function mustFit({ words, takes }: Command, args: readonly string[], wrong: Wrong): void {
  const missing = takes.slice(args.length).filter((name) => !name.startsWith('['));
  if (missing.length > 0) throw wrong(`${words} needs ${missing.join(' ')}`);
  if (args.includes('')) throw wrong(`${words} takes nothing empty`);
  if (args.length > takes.length) throw wrong(`${words} takes nothing like "${args[takes.length] ?? ''}"`);
}
