import { parseArgs } from 'node:util';

export const HELP = `npm run demo -- [options]

  (none)            three failures, directly and through a private Tollgate that is thrown away at the end
  --without-policy  the same with every policy taken away: says which claims fall, and exits with 1
  --url <address>   through a server that runs on this machine, for example http://127.0.0.1:8080
  --admin-key <key> its admin key; or set TOLLGATE_ADMIN_KEY
  --help            this

Exit code: 0 every claim holds, 1 a claim fell, 2 the demo could not be played.`;

export interface DemoOptions {
  readonly help: boolean;
  readonly withPolicy: boolean;
  /** Undefined: start one of our own. */
  readonly server: { readonly url: string; readonly adminKey: string } | undefined;
}

/** @throws TypeError that says what is wrong with the command line. */
export function parseOptions(args: readonly string[], adminKeyOfEnvironment: string | undefined): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'without-policy': { type: 'boolean', default: false },
      url: { type: 'string' },
      'admin-key': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { url, 'admin-key': given, 'without-policy': withoutPolicy, help } = values;
  if (url === undefined && given !== undefined) throw new TypeError('--admin-key goes with --url');
  return {
    help,
    withPolicy: !withoutPolicy,
    server: url === undefined ? undefined : server(url, given ?? adminKeyOfEnvironment),
  };
}

function server(url: string, adminKey: string | undefined): DemoOptions['server'] {
  if (!URL.canParse(url)) throw new TypeError(`--url ${url} is not an address, such as http://127.0.0.1:8080`);
  if (adminKey === undefined) throw new TypeError('--url needs --admin-key, or TOLLGATE_ADMIN_KEY in the environment');
  return { url: url.replace(/\/+$/, ''), adminKey };
}
