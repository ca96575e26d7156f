import { callRow, foldCallRow, type CallRow } from '@tollgate/audit';
import { callsStream, journalStream } from '@tollgate/journal';
import type { CallRecord } from '@tollgate/gateway';
import type { JournalRecord } from './journal-record.js';
import { recordedCall } from './recorded-call.js';
import type { SimBroker } from './sim-broker.js';
import type { SimProcess } from './sim-process.js';

const SLOW_MS = 20;

/** The record of an installation whose audit is never behind: for runs that play no audit process. */
export class KeptUpRecord {
  /** Of CALLS the record says how far policy has decided it, as its journal does. */
  private readonly partitionOfCalls: ReadonlyMap<string, number>;

  constructor(
    private readonly record: JournalRecord,
    private readonly broker: SimBroker,
    partitions: number,
  ) {
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    this.partitionOfCalls = new Map(all.map((partition) => [callsStream(partition), partition]));
  }

  recordOf(process: SimProcess): CallRecord {
    const ask = <T>(work: () => T): Promise<T> =>
      new Promise((resolve) => {
        process.after(process.random.delay(1, SLOW_MS), () => {
          resolve(work());
        });
      });
    return {
      callById: (tenant, callId) => ask(() => recordedCall(this.call(tenant, callId))),
      positions: (sources) =>
        ask(() => ({ positions: new Map(sources.map((source) => [source, this.position(source)])), made: 'once' })),
    };
  }

  private call(tenant: string, callId: string): CallRow | undefined {
    let row: CallRow | undefined;
    for (const { journal, partition, seq, batch } of this.record.batches) {
      for (const [index, event] of batch.events.entries()) {
        const { call } = event.data as { readonly call?: { readonly callId: string } };
        if (event.tenant !== tenant || call?.callId !== callId) continue;
        const later = callRow({ journal, partition, stream: journalStream(journal, partition), seq, index, event });
        if (later !== undefined) row = foldCallRow(row, later);
      }
    }
    return row;
  }

  private position(source: string): number {
    const partition = this.partitionOfCalls.get(source);
    if (partition === undefined) return this.broker.range(source).last;
    const decided = this.record.batches.findLast(
      ({ journal, partition: of, batch }) =>
        journal === 'policy' && of === partition && batch.positions['calls'] !== undefined,
    );
    return decided?.batch.positions['calls']?.seq ?? 0;
  }
}
