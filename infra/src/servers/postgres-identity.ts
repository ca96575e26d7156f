import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { findBinary } from './find-binary.js';

/** As whom Postgres runs, which refuses to be root. */
export type Identity =
  | { readonly kind: 'self' }
  | { readonly kind: 'account'; readonly uid: number; readonly gid: number }
  | { readonly kind: 'namespace'; readonly unshare: string };

export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** Accounts without rights of their own; Postgres wants one that has a name. */
const ACCOUNTS = ['postgres', 'nobody'];
const NOBODY = 65_534;

/**
 * Root becomes an account without rights when that one can reach program and data. It cannot below a folder that only
 * root may enter; then Postgres runs in a user namespace, where root has another number.
 */
export function chooseIdentity(binary: string, dir: string): Identity {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const account = accounts(readFileSync('/etc/passwd', 'utf8')).find((one) => canUse(one, binary, dir));
  if (account !== undefined) return { kind: 'account', ...account };
  const unshare = findBinary('unshare');
  if (unshare !== undefined && spawnSync(unshare, [...MAPPING, 'true']).status === 0)
    return { kind: 'namespace', unshare };
  throw new Error(
    'Postgres refuses to run as root, and neither an account without rights can reach ' +
      `${dir}, nor may user namespaces be used here: start as another user, or set DATABASE_URL`,
  );
}

const MAPPING = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

export function accounts(passwd: string): { readonly uid: number; readonly gid: number }[] {
  const rows = passwd.split('\n').map((line) => line.split(':'));
  return ACCOUNTS.flatMap((name) => {
    const row = rows.find((fields) => fields[0] === name);
    return row === undefined ? [] : [{ uid: Number(row[2]), gid: Number(row[3]) }];
  });
}

function canUse(account: { uid: number; gid: number }, binary: string, dir: string): boolean {
  const as = { ...account, cwd: '/', stdio: 'ignore' as const };
  return (
    spawnSync(binary, ['--version'], as).status === 0 &&
    spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', dir], as).status === 0
  );
}

export function invoke(identity: Identity, command: string, args: readonly string[]): Invocation {
  switch (identity.kind) {
    case 'self':
      return { command, args };
    case 'account':
      return { command, args, uid: identity.uid, gid: identity.gid };
    case 'namespace':
      return { command: identity.unshare, args: [...MAPPING, command, ...args] };
  }
}

/** Hands the data to whoever runs Postgres this time. */
export function giveTo(identity: Identity, path: string): void {
  if (identity.kind === 'self') return;
  const { uid, gid } = identity.kind === 'account' ? identity : { uid: 0, gid: 0 };
  if (statSync(path).uid === uid) return;
  const done = spawnSync('chown', ['-R', `${uid}:${gid}`, path], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`cannot hand ${path} to the account of Postgres: ${done.stderr}`);
}
