import { COMMANDS, type AdminCommand } from './commands.js';

const WIDTH = 46;
const OPTIONS = `Options
  --json          the answer as JSON
  --help          this, or of one command: npx tollgate admin <command> --help`;
const EXITS = `Exit codes
  0 done; 1 refused; 2 wrong usage; 3 a server or a service is away: the same again later. What went wrong is said on
  standard error, with --json too.`;
const SERVERS =
  'It finds the servers of a running `npm start` of this checkout; set NATS_URL and DATABASE_URL for others.';

/** Help on the commands that begin with these words: on all, on those of one thing, on one. */
export function helpOn(words: readonly string[]): string {
  const wanted = words.join(' ');
  const one = COMMANDS[words.slice(0, 2).join(' ')];
  if (one !== undefined) return helpOnOne(words.slice(0, 2).join(' '), one);
  const some = Object.entries(COMMANDS).filter(([name]) => name.startsWith(`${wanted} `));
  return helpOnAll(some.length > 0 ? some : Object.entries(COMMANDS));
}

const helpOnOne = (name: string, { takes, says, options = [], more, examples }: AdminCommand): string =>
  `tollgate admin ${name}: ${says}

Usage
  ${usageOf(name, takes)}
${more === undefined ? '' : `\n${more}\n`}
Options
${[...options, '--json          the answer as JSON'].map((line) => `  ${line}`).join('\n')}

Examples
${examples.map((example) => `  npx tollgate admin ${example}`).join('\n')}
`;

const helpOnAll = (commands: readonly (readonly [string, AdminCommand])[]): string =>
  `tollgate admin: what belongs to the installation, not to a tenant

Usage
${commands.map(([name, { takes, says }]) => `  ${lineOf(usageOf(name, takes), says)}`).join('\n')}

${OPTIONS}

${SERVERS}

${EXITS}

Examples
${commands.map(([, { examples }]) => `  npx tollgate admin ${examples[0]}`).join('\n')}
`;

const usageOf = (name: string, takes: readonly string[]): string => ['npx tollgate admin', name, ...takes].join(' ');

const lineOf = (usage: string, says: string): string =>
  usage.length < WIDTH ? `${usage.padEnd(WIDTH)}${says}` : `${usage}\n  ${' '.repeat(WIDTH)}${says}`;
