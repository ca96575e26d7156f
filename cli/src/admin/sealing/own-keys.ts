import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSealingKeys, type SealingKey } from '@tollgate/sealing';

/** Where a running `npm start` of this checkout keeps them. */
const LAUNCHERS = join(import.meta.dirname, '../../../../.tollgate/sealing-keys');

/** The list of keys as the services have it, and the file that it is in, if it is in one. */
export interface OwnKeys {
  readonly keys: readonly SealingKey[];
  readonly file?: string;
}

/** From the variables that the services read, or the launcher's file; undefined when there is neither. */
export function ownKeys(): OwnKeys | undefined {
  const { TOLLGATE_SEALING_KEYS: text, TOLLGATE_SEALING_KEY_FILE: given } = process.env;
  if (text !== undefined && text !== '') return { keys: parseSealingKeys(text) };
  const file = given !== undefined && given !== '' ? given : LAUNCHERS;
  return existsSync(file) ? { keys: parseSealingKeys(readFileSync(file, 'utf8')), file } : undefined;
}

export function neededKeys(): OwnKeys {
  const own = ownKeys();
  if (own !== undefined) return own;
  throw new Error(
    'no sealing keys found: set TOLLGATE_SEALING_KEY_FILE or TOLLGATE_SEALING_KEYS as the services have it',
  );
}
