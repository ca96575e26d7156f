import { statfs } from 'node:fs/promises';
import { whyNotListen } from '../servers/index.js';
import { LaunchError } from './launch-error.js';

const NEEDED_MB = 300;

/** Of a file system: blocks that this user may take, and their size in bytes. */
export type Space = (path: string) => Promise<{ readonly bavail: number; readonly bsize: number }>;

export async function checkDisk(path: string, spaceOf: Space = statfs): Promise<void> {
  const { bavail, bsize } = await spaceOf(path);
  const free = Math.floor((bavail * bsize) / 1_000_000);
  if (free >= NEEDED_MB) return;
  throw new LaunchError(
    `only ${free} MB are free on the disk of ${path}, and ${NEEDED_MB} MB are needed`,
    'free some space there, or keep the data elsewhere: npm start -- --data <dir>',
  );
}

export async function checkPort(host: string, port: number): Promise<string> {
  if (port === 0) return 'any free one';
  const error = await whyNotListen(host, port);
  if (error === undefined) return `${port} on ${host} is free`;
  throw new LaunchError(...portTrouble(host, port, error.code));
}

export function portTrouble(host: string, port: number, code: string | undefined): [why: string, whatToDo: string] {
  switch (code) {
    case 'EADDRINUSE':
      return [
        `port ${port} on ${host} is taken`,
        `stop what listens there, or choose another: PORT=${port + 1} npm start`,
      ];
    case 'EACCES':
      return [`port ${port} needs rights that this user does not have`, 'choose one above 1023: PORT=8080 npm start'];
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return [`${host} is not an address of this machine`, 'set HOST to one that is, or leave it unset for 127.0.0.1'];
    default:
      return [
        `cannot listen on ${host}:${port} (${code ?? 'unknown'})`,
        'set HOST and PORT to an address that can be used',
      ];
  }
}
