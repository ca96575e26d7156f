import { APT_PACKAGES, BREW_PACKAGES, IMAGES } from './packages.js';
import type { ServerName } from './program.js';

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
  const names = (of: Readonly<Record<ServerName, string>>): string => missing.map((name) => of[name]).join(' ');
  const pulls = missing.map((name) => `docker pull ${IMAGES[name]}`).join(' && ');
  return [
    `not on this machine: ${missing.join(', ')}`,
    ...(installFailure === undefined ? [] : ['apt was tried and failed:', indent(installFailure)]),
    'Do one of these, then start again:',
    `  Debian, Ubuntu   sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names(APT_PACKAGES)}`,
    `  macOS            brew install ${names(BREW_PACKAGES)}`,
    `  Docker           sudo systemctl start docker   (macOS: open -a Docker)   and then   ${pulls}`,
    '                   once "docker info" answers, npm start runs them as containers',
    `  your own         set ${missing.map((name) => VARIABLE[name]).join(', ')} to servers that run already`,
  ].join('\n');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
