import {
  decodeJson,
  EventDecodeError,
  type commandRequested,
  type DataOf,
  type JournalName,
  type Payload,
  type TollgateEvent,
} from '@tollgate/events';
import { callsStream, JOURNALS, journalStream, type Batch, type StoredMessage } from '@tollgate/journal';

/** One event as a journal holds it. */
export interface Entry {
  readonly journal: JournalName;
  readonly partition: number;
  /** Place among everything that any journal stored. */
  readonly order: number;
  /** True time at which it was stored, ms. */
  readonly at: number;
  /** Whose it is: the ownership that wrote it. */
  readonly epoch: string;
  readonly event: TollgateEvent;
}

export interface StoredBatch {
  readonly journal: JournalName;
  readonly partition: number;
  readonly seq: number;
  readonly batch: Batch;
}

/** A command about a lock or a task, as it stands in CALLS. */
export interface PutCommand {
  readonly tenant: string;
  readonly data: DataOf<typeof commandRequested>;
  /** Broker's stamp, ms. */
  readonly stampMs: number;
  /** How much the journals held when it was put. */
  readonly order: number;
}

/** What the call of a job's action is about. */
export interface ActionCall {
  readonly tenant: string;
  readonly leaseId: string;
  readonly tool: string;
  readonly args: string;
}

/** Everything the journals say, in the order in which they said it: what checks go by. */
export class JournalRecord {
  readonly entries: Entry[] = [];
  batches: StoredBatch[] = [];
  /** Of the entries, those that the broker has lost. */
  readonly lost: Entry[] = [];
  /** What stands in CALLS: each call's run, and when it was stored, true time. */
  readonly putAt = new Map<string, number>();
  /** Operators' words in CALLS: command → call. */
  readonly words = new Map<string, string>();
  /** Commands in CALLS, by their ids. */
  readonly commands = new Map<string, PutCommand>();
  /** The calls that jobs in CALLS want made, by their ids. */
  readonly actions = new Map<string, ActionCall>();
  /** Of them, those that stand in CALLS: how much the journals held when they were put there first. */
  readonly actionsPut = new Map<string, number>();
  private readonly callsStreams: ReadonlySet<string>;
  private readonly journalOf = new Map<string, { journal: JournalName; partition: number }>();

  constructor(partitions: number) {
    this.callsStreams = new Set(Array.from({ length: partitions }, (_, partition) => callsStream(partition)));
    for (let partition = 0; partition < partitions; partition++) {
      for (const journal of JOURNALS) this.journalOf.set(journalStream(journal, partition), { journal, partition });
    }
  }

  /** The broker has the first messages of a stream only. */
  cutBack(stream: string, keep: number): void {
    const place = this.journalOf.get(stream);
    if (place === undefined) return;
    const isLost = ({ journal, partition, seq }: StoredBatch): boolean =>
      journal === place.journal && partition === place.partition && seq > keep;
    const events = new Set(this.batches.filter(isLost).flatMap(({ batch }) => batch.events));
    this.batches = this.batches.filter((batch) => !isLost(batch));
    this.lost.push(...this.entries.filter(({ event }) => events.has(event)));
  }

  /** The events of a message, when it is one of a journal. */
  stored(stream: string, message: StoredMessage): readonly Entry[] {
    if (this.callsStreams.has(stream)) this.putIntoCalls(message);
    const place = this.journalOf.get(stream);
    if (place === undefined) return [];
    // Our own journals hold what we wrote: the product's readers look at each word, this one need not.
    const batch = decodeJson(message.data) as Batch;
    this.batches.push({ ...place, seq: message.seq, batch });
    const { epoch } = batch;
    const at = message.stampMs;
    const entries = batch.events.map((event, i) => ({ ...place, order: this.entries.length + i, at, epoch, event }));
    this.entries.push(...entries);
    return entries;
  }

  private putIntoCalls({ data, stampMs }: StoredMessage): void {
    const event = decoded(data);
    const { runId, callId: ofCall = '' } = event?.data?.call ?? {};
    if (event?.type === 'requested' && runId !== undefined && !this.putAt.has(runId)) this.putAt.set(runId, stampMs);
    if (this.actions.has(ofCall) && !this.actionsPut.has(ofCall)) this.actionsPut.set(ofCall, this.entries.length);
    const { commandId, callId, command } = event?.data ?? {};
    if (event?.type === 'resolution-requested' && commandId !== undefined && callId !== undefined)
      this.words.set(commandId, callId);
    if (event?.type === 'command-requested' && command !== undefined) this.putCommand(event as never, stampMs);
  }

  private putCommand({ tenant, data }: Pick<PutCommand, 'tenant' | 'data'>, stampMs: number): void {
    const { commandId, command } = data;
    if (this.commands.has(commandId)) return;
    this.commands.set(commandId, { tenant, data, stampMs, order: this.entries.length });
    if (command.does !== 'lease') return;
    for (const { call, args } of command.job?.actions ?? []) {
      const { leaseId } = command;
      this.actions.set(call.callId, { tenant, leaseId, tool: call.tool, args: textOf(args) });
    }
  }
}

interface PutIntoCalls {
  readonly type?: string;
  readonly data?: {
    readonly call?: { readonly runId?: string; readonly callId?: string };
    readonly commandId?: string;
    readonly callId?: string;
    readonly command?: object;
  };
}

/** What is sent in the simulation is not sealed. */
const textOf = (args: Payload): string =>
  'inline' in args && 'p' in args.inline ? String((args.inline.p as { args?: string }).args) : '';

/** Some of what stands in CALLS is garbage. */
function decoded(data: Uint8Array): PutIntoCalls | undefined {
  try {
    return decodeJson(data) as PutIntoCalls;
  } catch (error) {
    if (error instanceof EventDecodeError) return undefined;
    throw error;
  }
}
