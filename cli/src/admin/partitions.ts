import { partitionOf, type JournalName } from '@tollgate/events';
import {
  ConfigReader,
  decodeWord,
  journalStream,
  JOURNALS,
  OWNERS_STREAM,
  ownerSubject,
  partitionsOf,
  pause,
  SILENCE_MS,
  systemClock,
  type Bus,
} from '@tollgate/journal';
import { withBus } from './servers.js';

/** An owner beats every second: who has not after so long says nothing any more. */
const LOOK_AGAIN_MS = SILENCE_MS - 500;

/** One stage's share of the tenants, its owner and its journal. */
export interface ListedPartition {
  readonly partition: number;
  readonly stage: JournalName;
  /** `owned` and beating; `silent`, so that a standby takes over if there is one; `released` in order; `nobody` yet. */
  readonly state: 'owned' | 'silent' | 'released' | 'nobody';
  /** The process that owns it, or did last; the `instance` of its log lines. */
  readonly owner: string | null;
  readonly tenants: number;
  readonly journal: {
    readonly stream: string;
    readonly messages: number;
    readonly bytes: number;
    readonly last: number;
  };
}

type Place = Pick<ListedPartition, 'partition' | 'stage'>;

export async function listPartitions(): Promise<readonly ListedPartition[]> {
  return await withBus(async (bus) => {
    const partitions = await partitionsOf(bus);
    const tenants = await tenantsIn(bus, partitions);
    const places = Array.from({ length: partitions }, (_, partition) =>
      JOURNALS.map((stage): Place => ({ partition, stage })),
    ).flat();
    const before = await wordsIn(bus, places);
    await pause(systemClock, LOOK_AGAIN_MS);
    const after = await wordsIn(bus, places);
    return await Promise.all(
      places.map(async (place, at) => ({
        ...place,
        ...ownerOf(before[at], after[at]),
        tenants: tenants[place.partition] ?? 0,
        journal: await journalOf(bus, place),
      })),
    );
  });
}

async function tenantsIn(bus: Bus, partitions: number): Promise<readonly number[]> {
  const counts = Array.from({ length: partitions }, () => 0);
  for (const id of (await ConfigReader.open(bus)).state.tenants.keys()) {
    const partition = partitionOf(id, partitions);
    counts[partition] = (counts[partition] ?? 0) + 1;
  }
  return counts;
}

type Heard = Awaited<ReturnType<Bus['lastOf']>>;

const wordsIn = (bus: Bus, places: readonly Place[]): Promise<readonly Heard[]> =>
  Promise.all(places.map(({ stage, partition }) => bus.lastOf(OWNERS_STREAM, ownerSubject(stage, partition))));

/** No clock is asked: an owner that lives has said something between two looks. */
function ownerOf(before: Heard, after: Heard): Pick<ListedPartition, 'state' | 'owner'> {
  if (after === undefined) return { state: 'nobody', owner: null };
  const word = decodeWord(after.data);
  const owner = word?.owner ?? null;
  if (word?.released === true) return { state: 'released', owner };
  return { state: before?.seq === after.seq ? 'silent' : 'owned', owner };
}

async function journalOf(bus: Bus, { stage, partition }: Place): Promise<ListedPartition['journal']> {
  const stream = journalStream(stage, partition);
  const { state } = await bus.manager.streams.info(stream);
  return { stream, messages: state.messages, bytes: state.bytes, last: state.last_seq };
}
