import { EXIT_CODES } from '../exit-code.js';
import { columns, type Row } from '../text/table.js';
import type { Command } from './command.js';
import { COMMON_OPTIONS } from './common-options.js';
import type { Options } from './option.js';

const TOLLGATE = 'npx tollgate';
const INDENT = '  ';

/** Everything about one command. */
export function commandHelp(command: Command): string {
  const { words, summary, options, about, examples } = command;
  return [
    `${TOLLGATE} ${words}: ${summary}\n`,
    section('Usage', `${INDENT}${usageLine(command)}\n`),
    ...(about === undefined ? [] : [`\n${about}\n`]),
    ...(Object.keys(options).length === 0 ? [] : [section('Options', optionLines(options))]),
    section('On every command', optionLines(COMMON_OPTIONS)),
    section('Examples', examples.map((example) => `${INDENT}${TOLLGATE} ${example}\n`).join('')),
  ].join('');
}

/** How a command is meant, for whoever called it otherwise. */
export const usageHelp = (command: Command): string =>
  `${section('Usage', `${INDENT}${usageLine(command)}\n`).trimStart()}\n${TOLLGATE} ${command.words} --help says more, with examples.\n`;

const usageLine = ({ words, takes }: Command): string => [TOLLGATE, words, ...takes, '[options]'].join(' ');

/** The commands that begin with a word, or all. */
export function listHelp(commands: readonly Command[], word?: string): string {
  const listed = commands.filter(({ words }) => word === undefined || words.split(' ')[0] === word);
  return [
    word === undefined ? HEAD : `${TOLLGATE} ${word}\n`,
    section('Commands', columns(listed.map(listLine), INDENT) + (word === undefined ? ADMIN : '')),
    `\n${TOLLGATE} <command> --help says more, with examples.\n`,
    ...(word === undefined ? [SERVER, section('Exit codes', columns(EXIT_CODES.map(exitLine), INDENT))] : []),
  ].join('');
}

const HEAD = 'tollgate: the command line of a Tollgate installation\n';
const ADMIN = `\n${INDENT}admin …  the installation itself: tenants, plans, partitions, projections, sealing keys (see: ${TOLLGATE} admin --help)\n`;
const SERVER = `
The server is that of TOLLGATE_URL or --url, else a running \`npm start\` of this checkout; the API key is in
TOLLGATE_API_KEY, or in the file of --key-file.
`;

const listLine = ({ words, takes, summary }: Command): Row => [[words, ...takes].join(' '), summary];
const exitLine = ([code, meaning]: readonly [number, string]): Row => [String(code), meaning];
const section = (title: string, lines: string): string => `\n${title}\n${lines}`;

const optionLines = (options: Options): string =>
  columns(
    Object.entries(options).map(([name, { value, about }]) => [`--${name} ${value}`.trimEnd(), about]),
    INDENT,
  );
