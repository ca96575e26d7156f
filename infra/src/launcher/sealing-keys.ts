import { formatSealingKey, mintSealingKey } from '@tollgate/sealing';
import { keptSecret, readIfThere } from '../servers/index.js';
import type { DataFolder } from './data-folder.js';
import { LaunchError } from './launch-error.js';

/**
 * The file of the keys that seal arguments, results and tool secrets: made on the first start, the person's own when
 * the environment names one.
 * @throws LaunchError when an installation that has data has lost its keys, instead of beginning with others.
 */
export async function sealingKeyFile(folder: DataFolder, given: NodeJS.ProcessEnv): Promise<string> {
  const own = given['TOLLGATE_SEALING_KEY_FILE'];
  if (own) return own;
  if (given['TOLLGATE_SEALING_KEYS']) return folder.sealingKeys;
  const lost = (await readIfThere(folder.setup)) !== undefined && (await readIfThere(folder.sealingKeys)) === undefined;
  if (lost) {
    throw new LaunchError(
      `the sealing keys are gone (${folder.sealingKeys}), and without them what they sealed cannot be read`,
      'put the file back from your backup, or give up the data: npm start -- --reset',
    );
  }
  await keptSecret(folder.sealingKeys, () => formatSealingKey(mintSealingKey()));
  return folder.sealingKeys;
}
