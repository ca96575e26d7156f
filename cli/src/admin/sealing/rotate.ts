import { renameSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { formatSealingKey, mintSealingKey } from '@tollgate/sealing';
import { neededKeys } from './own-keys.js';

export interface Rotated {
  /** Id of the new key; where there is no file to put it into, the whole entry, shown this once. */
  readonly key: string;
  readonly file: string | null;
  readonly next: readonly string[];
}

const THEN = [
  'once every service runs with it: npx tollgate admin sealing reseal',
  'from time to time: npx tollgate admin sealing list; take off the list what `may_go`, never the last',
];

/** A new key in front of the list: it seals from the next start on, and all others open what they sealed. */
export function rotate(): Rotated {
  const { file } = neededKeys();
  const minted = mintSealingKey();
  const entry = formatSealingKey(minted);
  if (file === undefined) {
    const next = ['put it in front of TOLLGATE_SEALING_KEYS, with a comma, and restart: gateways first', ...THEN];
    return { key: entry, file: null, next };
  }
  putInFront(file, entry);
  return { key: minted.id, file, next: ['back the file up, and restart the services: gateways first', ...THEN] };
}

/** All of it or nothing: a half-written list would open nothing. */
function putInFront(file: string, entry: string): void {
  const written = `${file}.new`;
  try {
    writeFileSync(written, `${entry}\n${readFileSync(file, 'utf8')}`, { mode: 0o600, flag: 'wx' });
    renameSync(written, file);
  } catch (error) {
    rmSync(written, { force: true });
    throw new Error(`${file} could not be written: it is as it was`, { cause: error });
  }
}
