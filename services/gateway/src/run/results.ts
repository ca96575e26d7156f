import { decodeEvent, decodeJson, type Payload, type PayloadPlace } from '@tollgate/events';
import { decodeBatch, type MessageBus } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import { SealingError, type Sealer } from '@tollgate/sealing';
import type { Json } from '../http/json-reader.js';
import { resultIn } from './result-in.js';

/** A place may name an event that names another; deeper than this is a circle. */
const MAX_HOPS = 4;

/** Opens results where a client may see them, and nowhere else. */
export class Results {
  constructor(
    private readonly bus: Pick<MessageBus, 'message'>,
    private readonly sealer: Sealer,
    private readonly logger: Logger,
  ) {}

  /** Undefined for a result that is past its retention, or whose sealing key is gone. Throws when the bus is out of reach. */
  async open(tenant: string, result: Payload | undefined): Promise<Json | undefined> {
    let at = result;
    for (let hops = 0; at !== undefined && hops < MAX_HOPS; hops += 1) {
      if ('inline' in at) return this.opened(tenant, at.callId, at.inline);
      at = await this.fetch(at.place, at.callId);
    }
    return undefined;
  }

  private async fetch({ stream, seq, index }: PayloadPlace, callId: string): Promise<Payload | undefined> {
    const message = await this.bus.message(stream, seq);
    if (message === undefined) return undefined;
    const event = stream.startsWith('CALLS-')
      ? decodeEvent(decodeJson(message.data))
      : decodeBatch(message.data).events[index];
    return resultIn(event?.data, callId);
  }

  private opened(tenant: string, callId: string, envelope: unknown): Json | undefined {
    try {
      return this.sealer.open(envelope, { tenant, callId }) as Json;
    } catch (error) {
      if (!(error instanceof SealingError)) throw error;
      this.logger.warn('a result cannot be opened', { call_id: callId }, error);
      return undefined;
    }
  }
}
