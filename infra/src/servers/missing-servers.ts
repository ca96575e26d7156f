import type { ServerName } from './program.js';

const APT: Record<ServerName, string> = { nats: 'nats-server', redis: 'redis-server', postgres: 'postgresql' };
const BREW: Record<ServerName, string> = { nats: 'nats-server', redis: 'redis', postgres: 'postgresql@18' };
const VARIABLE: Record<ServerName, string> = { nats: 'NATS_URL', redis: 'REDIS_URL', postgres: 'DATABASE_URL' };

/** No program for these servers, and no way to get one by ourselves. The message says what a person can do. */
export class MissingServersError extends Error {
  constructor(
    readonly missing: readonly ServerName[],
    /** What apt said, when it was tried. */
    readonly installFailure?: string,
  ) {
    super(missingServersMessage(missing, installFailure));
    this.name = 'MissingServersError';
  }
}

export function missingServersMessage(missing: readonly ServerName[], installFailure?: string): string {
  const names = (of: Record<ServerName, string>): string => missing.map((name) => of[name]).join(' ');
  return [
    `not on this machine: ${missing.join(', ')}`,
    ...(installFailure === undefined ? [] : ['apt was tried and failed:', indent(installFailure)]),
    'Do one of these, then start again:',
    `  Debian, Ubuntu   sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names(APT)}`,
    `  macOS            brew install ${names(BREW)}`,
    '  Docker           start Docker (docker info must answer): the servers then run as containers',
    `  your own         set ${missing.map((name) => VARIABLE[name]).join(', ')} to servers that run already`,
  ].join('\n');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
