import { readIfThere, writeSecretFile } from '../servers/index.js';
import { identityOf, stillRuns } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

/** One line of --status. */
export interface Running {
  readonly name: string;
  readonly kind: 'service' | 'server';
  readonly pid: number;
  /** `host:port` of a server, the URL of the gateway, null for a service that nobody calls. */
  readonly address: string | null;
  /** The partitions that a stage owns. */
  readonly owns?: readonly number[];
}

interface RunRecord {
  readonly running: readonly Running[];
  readonly processes: readonly ProcessIdentity[];
}

/** Written whenever something starts, ends, or takes over a partition. */
export async function writeRunRecord(file: string, running: readonly Running[]): Promise<void> {
  const pids = [...new Set(running.map(({ pid }) => pid))];
  const record: RunRecord = { running, processes: pids.map(identityOf) };
  await writeSecretFile(file, JSON.stringify(record));
}

async function readRunRecord(file: string): Promise<RunRecord> {
  try {
    return JSON.parse((await readIfThere(file)) ?? '') as RunRecord;
  } catch {
    return { running: [], processes: [] };
  }
}

/** What runs right now: what the record says, less what has ended since. */
export async function readRunning(file: string): Promise<readonly Running[]> {
  const alive = new Set((await leftOver(file)).map(({ pid }) => pid));
  return (await readRunRecord(file)).running.filter(({ pid }) => alive.has(pid));
}

/** The processes of the last run that are still there. */
export async function leftOver(file: string): Promise<readonly ProcessIdentity[]> {
  return (await readRunRecord(file)).processes.filter(stillRuns);
}
