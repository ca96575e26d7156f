import { randomBytes } from 'node:crypto';
import type { Program } from './program.js';

export interface ContainerCall {
  readonly docker: string;
  readonly image: string;
  /** Mounted at the same path, so that paths in configuration files hold inside. */
  readonly folder: string;
  /** The same inside as outside. */
  readonly port: number;
  readonly args: readonly string[];
  /** Default: the image's own. */
  readonly entrypoint?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** `uid:gid` that owns the mounted folder; undefined for root, which images give up by themselves. */
function owner(): string | undefined {
  const uid = process.getuid?.();
  return uid === undefined || uid === 0 ? undefined : `${uid}:${process.getgid?.() ?? uid}`;
}

/**
 * A container that is removed when it ends and is published on loopback only. The client stays in front and passes
 * signals on, so its pid stands for the server's.
 */
export function containerCommand(call: ContainerCall, user = owner()): { command: string; args: string[] } {
  const label = call.image.replaceAll(/[^a-z]/g, '');
  const args = ['run', '--rm', '--name', `tollgate-${label}-${randomBytes(4).toString('hex')}`];
  if (user !== undefined) args.push('--user', user);
  args.push('--publish', `127.0.0.1:${call.port}:${call.port}`, '--volume', `${call.folder}:${call.folder}`);
  for (const [name, value] of Object.entries(call.env ?? {})) args.push('--env', `${name}=${value}`);
  if (call.entrypoint !== undefined) args.push('--entrypoint', call.entrypoint);
  return { command: call.docker, args: [...args, call.image, ...call.args] };
}

/** Inside a container loopback is the container's own. */
export function listenAddress(program: Program): string {
  return program.kind === 'container' ? '0.0.0.0' : '127.0.0.1';
}
