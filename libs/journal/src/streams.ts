import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import type { Bus } from './bus.js';
import { BusError } from './bus-error.js';
import {
  CALLS_READERS,
  callsStream,
  callsSubject,
  CONFIG_STREAM,
  DECISIONS_STREAM,
  JOURNALS,
  journalStream,
  journalSubject,
  keptSubject,
  notesStream,
  OWNERS_STREAM,
  SNAPSHOTS_STREAM,
} from './names.js';

export interface Installation {
  /** Fixed when the installation is made: a tenant's partition never changes. */
  readonly partitions: number;
  readonly replicas: number;
}

const DECISIONS_KEPT_NS = 8 * 24 * 3600 * 1e9;
/** Ids of messages are for their order, not against repeats: the broker need not remember them. */
const IDS_KEPT_NS = 1e9;
const PARTITIONS_KEY = 'partitions=';

type Wanted = Pick<StreamConfig, 'name' | 'subjects'> & Partial<StreamConfig>;

function wantedStreams({ partitions }: Installation): Wanted[] {
  const perPartition = Array.from({ length: partitions }, (_, p) => [
    { name: callsStream(p), subjects: CALLS_READERS.map((reader) => callsSubject(p, reader)) },
    { name: notesStream(p), subjects: [`tollgate.notes.${p}.>`] },
    ...JOURNALS.map((journal) => ({
      name: journalStream(journal, p),
      subjects: [journalSubject(journal, p), keptSubject(journal, p)],
    })),
  ]);
  return [
    { name: CONFIG_STREAM, subjects: ['tollgate.config.>'], description: `${PARTITIONS_KEY}${partitions}` },
    { name: OWNERS_STREAM, subjects: ['tollgate.owners.>'], max_msgs_per_subject: 1 },
    { name: SNAPSHOTS_STREAM, subjects: ['tollgate.snapshots.>'] },
    {
      name: DECISIONS_STREAM,
      subjects: ['tollgate.v1.decision.>'],
      max_age: DECISIONS_KEPT_NS,
      duplicate_window: IDS_KEPT_NS,
    },
    ...perPartition.flat(),
  ];
}

/**
 * Makes the streams that are missing; safe to repeat and to race. Refuses to run with another number of partitions
 * than the installation was made with, because a tenant would then live in two journals.
 *
 * @returns how many copies there are of every stream, at least: another number than is set, where they were made before
 */
export async function ensureStreams(bus: Bus, installation: Installation): Promise<number> {
  const copies: number[] = [];
  for (const wanted of wantedStreams(installation)) {
    copies.push(await ensureStream(bus, wanted, installation.replicas));
  }
  const made = await partitionsOf(bus);
  if (made !== installation.partitions) {
    throw new BusError(
      'refused',
      `this installation was made with ${made} partitions: set TOLLGATE_PARTITIONS=${made} (the number is fixed)`,
    );
  }
  return Math.min(...copies);
}

/** How many partitions the installation was made with. */
export async function partitionsOf(bus: Bus): Promise<number> {
  const { config } = await bus.manager.streams.info(CONFIG_STREAM);
  return Number(config.description?.slice(PARTITIONS_KEY.length));
}

/** Answers how many copies there are. */
async function ensureStream(bus: Bus, wanted: Wanted, replicas: number): Promise<number> {
  try {
    const { config } = await bus.manager.streams.info(wanted.name);
    await addSubjects(bus, wanted, config.subjects);
    return config.num_replicas;
  } catch (error) {
    if (!(error instanceof JetStreamApiError))
      throw new BusError('unavailable', 'NATS does not answer', { cause: error });
  }
  try {
    const { config } = await bus.manager.streams.add({
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.New,
      num_replicas: replicas,
      allow_direct: false,
      ...(wanted.max_msgs_per_subject === undefined ? {} : { discard: DiscardPolicy.Old }),
      ...wanted,
    });
    return config.num_replicas;
  } catch (error) {
    // Another process made it at the same moment.
    const there = await infoOf(bus, wanted.name);
    if (there !== undefined) return there.config.num_replicas;
    throw new BusError('refused', `stream ${wanted.name} cannot be made`, { cause: error });
  }
}

/** A stream of an earlier release takes what this one sends, too. */
async function addSubjects(bus: Bus, { name, subjects }: Wanted, there: readonly string[]): Promise<void> {
  if (subjects.every((subject) => there.includes(subject))) return;
  await bus.manager.streams.update(name, { subjects: [...new Set([...there, ...subjects])] });
}

const infoOf = (bus: Bus, name: string): Promise<StreamInfo | undefined> =>
  bus.manager.streams.info(name).catch(() => undefined);
