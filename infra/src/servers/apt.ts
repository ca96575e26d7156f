import { spawn, spawnSync } from 'node:child_process';
import type { Machine } from './machine.js';

/**
 * Installs packages and leaves none of their services behind: while apt works a policy keeps it from starting them, and
 * afterwards they are kept from starting with the machine.
 */
const SCRIPT = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT INT TERM
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends "$@"
if command -v systemctl >/dev/null 2>&1; then
  for package in "$@"; do systemctl disable "$package" >/dev/null 2>&1 || true; done
fi
`;

/** How to become able to install packages here: `[]` for root, `sudo -n` when it asks no password, else not at all. */
export function installerPrefix(machine: Machine): readonly string[] | undefined {
  if (machine.binary('apt-get') === undefined) return undefined;
  if (machine.uid === 0) return [];
  const sudo = machine.binary('sudo');
  if (sudo === undefined || spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return undefined;
  return [sudo, '-n'];
}

/** Resolves to what apt printed last when it failed. */
export async function aptInstall(
  prefix: readonly string[],
  packages: readonly string[],
): Promise<{ readonly ok: boolean; readonly output: string }> {
  const [command, ...args] = [...prefix, '/bin/sh', '-c', SCRIPT, 'install', ...packages];
  return new Promise((resolve) => {
    const child = spawn(command as string, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-2_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}
