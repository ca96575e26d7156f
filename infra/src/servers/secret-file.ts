import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';

/** Writes a file that only its owner can read, whole or not at all. */
export async function writeSecretFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, text, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}

export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What the file says; made and written on the first call. */
export async function keptSecret(path: string, make: () => string): Promise<string> {
  const kept = (await readIfThere(path))?.trim();
  if (kept) return kept;
  const made = make();
  await writeSecretFile(path, `${made}\n`);
  return made;
}

/** Letters, digits, `-` and `_` only: stands unquoted in URLs and configuration files. */
export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}
