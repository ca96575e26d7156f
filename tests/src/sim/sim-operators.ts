import {
  finish,
  isEnding,
  settlementRequested,
  type EndingEvent,
  type EventOf,
  type inputParked,
  type JournalName,
  type TollgateEvent,
} from '@tollgate/events';
import { callsSubject } from '@tollgate/journal';
import type { Simulation } from './simulation.js';

/** Until somebody has seen it on the list, and has looked at the tool. */
const SEEN_MS = 1_000;

/** Operators of the installation: nobody else can tell how a call ended that ended by a word of another release (rule 14). */
export class SimOperators {
  constructor(private readonly sim: Simulation) {}

  /** They settle what a job waits for. */
  parked(stage: JournalName, { tenant, data }: EventOf<typeof inputParked>): void {
    const { record, world } = this.sim;
    const { callId, code } = data;
    if (stage !== 'lease' || code !== 'unknown_type' || callId === undefined) return;
    if (record.actions.has(callId)) world.after(SEEN_MS, () => this.settle(tenant, callId, data));
  }

  /** `npx tollgate admin parked settle`; a call in doubt is resolved instead. */
  private settle(tenant: string, callId: string, { stream, seq, index }: EventOf<typeof inputParked>['data']): void {
    const { broker, clients, record, world } = this.sim;
    const end = record.entries.map(({ event }) => event).findLast((event) => isEndOf(event, callId));
    if (end?.type === 'in-doubt') {
      void clients.resolve(0, { tenant, callId, outcome: 'failed', keyId: 'key' });
      return;
    }
    if (end === undefined) return;
    const says = end.data.outcome.decision === 'executed' ? 'executed' : 'failed';
    const input = { stage: 'lease', stream, seq, index };
    const word = settlementRequested.draft(tenant, { commandId: `cmd_settle ${callId}`, input, callId, says });
    world.note('operator', `settles ${callId}: ${says}`);
    const body = new TextEncoder().encode(JSON.stringify(finish(word, 0, Math.floor(world.now))));
    broker.store(callsSubject(this.sim.partitionOf(tenant), 'dispatcher'), body, {});
  }
}

const isEndOf = (event: TollgateEvent, callId: string): event is EndingEvent =>
  isEnding(event) && event.data.call.callId === callId;
