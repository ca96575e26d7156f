import type { SealedEnvelope } from '@tollgate/events';
import {
  callsStream,
  ConfigReader,
  journalStream,
  JOURNALS,
  partitionsOf,
  SNAPSHOTS_STREAM,
  type Bus,
} from '@tollgate/journal';
import { readThrough } from '../read-through.js';

/** What is there that one key has sealed. */
export interface KeyUses {
  /** Tools whose secret, or the one before it that still signs, it sealed. */
  toolSecrets: number;
  /** Arguments and results in CALLS and the journals, and when the newest message of them was stored. */
  payloads: number;
  newestMs: number;
  snapshots: number;
}

/** An envelope names its key; in the text of a caller its quotes would be escaped. */
const ENVELOPE = /"k":"([A-Za-z0-9_.-]{1,64})","b":"/g;

/** By key id; reads every journal, so it takes its time. */
export async function keyUses(bus: Bus): Promise<ReadonlyMap<string, KeyUses>> {
  const uses = new Map<string, KeyUses>();
  const of = (key: string): KeyUses => {
    const known = uses.get(key) ?? { toolSecrets: 0, payloads: 0, newestMs: 0, snapshots: 0 };
    uses.set(key, known);
    return known;
  };
  for (const secret of await toolSecrets(bus)) if ('k' in secret) of(secret.k).toolSecrets += 1;
  for (const stream of await sealedStreams(bus)) {
    await readThrough(bus, stream, ({ data, stampMs }) => {
      for (const [, key = ''] of new TextDecoder().decode(data).matchAll(ENVELOPE)) {
        const use = of(key);
        use.payloads += 1;
        use.newestMs = Math.max(use.newestMs, stampMs);
      }
    });
  }
  await readThrough(bus, SNAPSHOTS_STREAM, ({ data }) => {
    for (const [, key = ''] of new TextDecoder().decode(data).matchAll(ENVELOPE)) of(key).snapshots += 1;
  });
  return uses;
}

async function toolSecrets(bus: Bus): Promise<readonly SealedEnvelope[]> {
  const { state } = await ConfigReader.open(bus);
  const now = Date.now();
  return [...state.tools.values()].flatMap(({ value }) => {
    if (value === undefined) return [];
    const previous = value.previous !== undefined && value.previous.until > now ? [value.previous.secret] : [];
    return [value.secret, ...previous];
  });
}

async function sealedStreams(bus: Bus): Promise<readonly string[]> {
  const partitions = Array.from({ length: await partitionsOf(bus) }, (_, partition) => partition);
  return partitions.flatMap((partition) => [
    callsStream(partition),
    ...JOURNALS.map((journal) => journalStream(journal, partition)),
  ]);
}
