import { finish, partitionOf, type Draft } from '@tollgate/events';
import { BusError, callsSubject, MARK_HEADER, type CallsReader, type Clock, type MessageBus } from '@tollgate/journal';
import { faultPoint } from '@tollgate/runtime';
import type { BusLink } from '../bus/bus-link.js';
import { unavailable } from '../http/contract-error.js';

/** Shorter than clients wait, so that they hear of a lost acknowledgement. */
const ACK_MS = 3_000;

/** Puts what gateways accept into CALLS. */
export class CallsInbox {
  constructor(
    private readonly bus: MessageBus,
    private readonly link: Pick<BusLink, 'mustBeUp'>,
    private readonly partitions: number,
    private readonly clock: Clock,
  ) {}

  /**
   * @param accepted what a client is told who cannot know whether it was accepted
   * @throws ContractError 503: with that when it may have been accepted, without when it was not
   */
  async put(reader: CallsReader, accepted: { call_id?: string }, mark: string, draft: Draft): Promise<void> {
    this.link.mustBeUp();
    const subject = callsSubject(partitionOf(draft.tenant, this.partitions), reader);
    const body = new TextEncoder().encode(JSON.stringify(finish(draft, 0, this.clock.now())));
    try {
      await this.bus.append(subject, body, {}, ACK_MS, { [MARK_HEADER]: mark });
      // A throw here shows an acknowledgement that was lost on its way: the call is in CALLS and the client must be told.
      await faultPoint('gateway.call-accepted');
    } catch (error) {
      if (isNotStored(error)) throw unavailable('The journals are out of reach', {}, error);
      throw unavailable('This may have been accepted: repeat it', accepted, error);
    }
  }
}

const isNotStored = (error: unknown): boolean =>
  error instanceof BusError && (error.code === 'unavailable' || error.code === 'refused');
