import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { text, whole, type Values } from '../command/option.js';
import { UsageError } from '../usage-error.js';

export const SERVER_OPTIONS = {
  url: text('<url>', 'the server, instead of TOLLGATE_URL'),
  'key-file': text('<file>', 'a file that holds the API key, instead of TOLLGATE_API_KEY'),
  wait: whole('<sec>', 'how long to try again while the server is away or busy (30)'),
};

const WAIT_SEC = 30;
/** Written by `npm start` while it runs. */
const CONNECTIONS = join(import.meta.dirname, '../../../.tollgate/connections.env');

/** Where requests go, and as whom. */
export interface Server {
  /** Without a path. */
  readonly base: string;
  readonly key: string;
  readonly waitMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws UsageError that says what is missing, or wrong */
export function serverOf(options: Values<typeof SERVER_OPTIONS>, env: Environment): Server {
  const keyFile = options['key-file'];
  return {
    base: baseOf(options.url ?? env['TOLLGATE_URL'] ?? runningHere()),
    key: keyOf(keyFile === undefined ? env['TOLLGATE_API_KEY'] : keyIn(keyFile)),
    waitMs: (options.wait ?? WAIT_SEC) * 1000,
  };
}

function runningHere(): string | undefined {
  return existsSync(CONNECTIONS) ? parseEnv(readFileSync(CONNECTIONS, 'utf8'))['TOLLGATE_URL'] : undefined;
}

/** With or without the `/v1` that SDKs want in theirs. */
export function baseOf(url: string | undefined): string {
  if (url === undefined || url === '') {
    throw new UsageError('no server: set TOLLGATE_URL or --url to its address, or run `npm start` in this checkout');
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new UsageError('the address of the server is no http or https URL');
  }
  if (parsed.username !== '' || parsed.password !== '')
    throw new UsageError('the address of the server holds a password');
  return parsed.origin + parsed.pathname.replace(/\/(v1\/?)?$/, '');
}

/** It becomes a header, which takes nothing else. */
export function keyOf(given: string | undefined): string {
  const key = given?.trim() ?? '';
  if (key === '') throw new UsageError('no API key: set TOLLGATE_API_KEY, or --key-file to a file that holds it');
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError('the API key is not one line of visible characters');
  return key;
}

function keyIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`the key file ${file} cannot be read`, '', { cause });
  }
}
