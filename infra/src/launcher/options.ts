import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type Command =
  | { readonly does: 'start'; readonly processes: boolean; readonly traces: boolean; readonly data: string | undefined }
  | { readonly does: 'status'; readonly data: string | undefined }
  | { readonly does: 'reset'; readonly data: string | undefined; readonly sure: boolean }
  | { readonly does: 'help' };

export const HELP = `npm start -- [options]

  (none)         start Tollgate: private NATS, Redis and Postgres, all six services in one process
  --processes    each service in a process of its own
  --traces       also a local tracing UI, and every span goes there
  --status       print what runs, as JSON, and exit
  --reset        delete all data (keys, policies, tools, history), after asking; with --yes without asking
  --data <dir>   keep the data there instead of in .tollgate
  --help         this

Environment: PORT (default 8080), HOST, NATS_URL, REDIS_URL, DATABASE_URL for servers of your own,
TOLLGATE_ADMIN_KEY for a first admin key of your own; all others: docs/settings.md`;

/** @throws TypeError that names the option, for one that does not exist. */
export function parseCommand(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      processes: { type: 'boolean', default: false },
      traces: { type: 'boolean', default: false },
      status: { type: 'boolean', default: false },
      reset: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      data: { type: 'string' },
    },
  });
  const { data, processes, traces } = values;
  if (values.help) return { does: 'help' };
  if (values.status) return { does: 'status', data };
  if (values.reset) return { does: 'reset', data, sure: values.yes };
  return { does: 'start', processes, traces, data };
}
