import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.js';
import { listParked } from './parked.js';
import { changePlan, createKey, createTenant, listTenants } from './tenants.js';

export const ADMIN_HELP = `tollgate admin: what belongs to the installation, not to a tenant

Usage
  npx tollgate admin tenant create <name>       a new tenant and its first admin key (shown once)
  npx tollgate admin tenant plan <tenant id> <plan>
                                                another plan for a tenant, in force when this is done
  npx tollgate admin tenant list
  npx tollgate admin key create <tenant id>     one more admin key for a tenant (shown once)
  npx tollgate admin parked list                inputs that a stage could not decide, and why

Options
  --name <text>   name of the new key (default: admin)
  --plan <plan>   plan of the new tenant (default: the installation's)
  --json          the answer as JSON
  --help

It finds the servers of a running \`npm start\` of this checkout; set NATS_URL and DATABASE_URL for others.

Examples
  npx tollgate admin tenant create acme --plan starter
  npx tollgate admin tenant list --json
`;

interface Options {
  readonly name: string;
  readonly plan: string | undefined;
}

type Command = (args: readonly string[], options: Options) => Promise<object | readonly object[]>;

/** One line for each command. */
const COMMANDS: Readonly<Record<string, { readonly takes: number; readonly run: Command }>> = {
  'tenant create': { takes: 1, run: ([name = ''], { plan }) => createTenant(name, plan) },
  'tenant plan': { takes: 2, run: ([tenant = '', plan = '']) => changePlan(tenant, plan) },
  'tenant list': { takes: 0, run: () => listTenants() },
  'key create': { takes: 1, run: ([tenant = ''], { name }) => createKey(tenant, name) },
  'parked list': { takes: 0, run: () => listParked() },
};

export async function admin(args: readonly string[]): Promise<string> {
  const { values, positionals } = parse(args);
  if (values.help === true || positionals.length === 0) return ADMIN_HELP;
  const [noun, verb, ...rest] = positionals;
  const command = COMMANDS[`${noun} ${verb}`];
  if (command === undefined) throw new UsageError(`there is no command "admin ${positionals.join(' ')}"`, ADMIN_HELP);
  if (rest.length !== command.takes || rest.includes('')) {
    throw new UsageError(`"admin ${noun} ${verb}" takes ${command.takes} argument(s)`, ADMIN_HELP);
  }
  const answer = await command.run(rest, { name: values.name, plan: values.plan });
  return values.json === true ? `${JSON.stringify(answer, null, 2)}\n` : readable(answer);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: 'string', default: 'admin' },
        plan: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, ADMIN_HELP);
  }
}

function readable(answer: object | readonly object[]): string {
  const rows = Array.isArray(answer) ? (answer as readonly object[]) : [answer];
  return rows.length === 0 ? 'none\n' : `${rows.map((row) => lines(row, '')).join('\n')}`;
}

function lines(row: object, indent: string): string {
  return Object.entries(row)
    .map(([name, value]) =>
      typeof value === 'object' && value !== null
        ? `${indent}${name}:\n${lines(value, `${indent}  `)}`
        : `${indent}${name}: ${String(value)}\n`,
    )
    .join('');
}
