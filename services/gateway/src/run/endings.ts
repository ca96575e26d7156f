import { decodeEvent, decodeJson, isEnding } from '@tollgate/events';
import { answerSubject, type MessageBus } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import { endedByEvent, type EndedCall } from './ended-call.js';

export interface Expected {
  /** Undefined when this gateway stops: nobody will be told any more. */
  readonly heard: Promise<EndedCall | undefined>;
  forget(): void;
}

/** Hears the plain messages in which a stage tells this gateway that a call has ended (rule 17). */
export class Endings {
  private readonly waiting = new Map<string, (ended: EndedCall | undefined) => void>();
  private stopped = false;

  static listen(bus: MessageBus, gateway: string, logger: Logger): Endings {
    const endings = new Endings();
    bus.listen(answerSubject(gateway), (message) => {
      endings.tell(message, logger);
    });
    return endings;
  }

  /** Before the call is put into CALLS: its end may be heard before the ack of its beginning. */
  expect(callId: string): Expected {
    const heard = new Promise<EndedCall | undefined>((resolve) => {
      if (this.stopped) resolve(undefined);
      else this.waiting.set(callId, resolve);
    });
    return { heard, forget: () => this.waiting.delete(callId) };
  }

  /** Everybody who waits is answered with what is known now. */
  stop(): void {
    this.stopped = true;
    for (const resolve of this.waiting.values()) resolve(undefined);
    this.waiting.clear();
  }

  private tell(message: Uint8Array, logger: Logger): void {
    try {
      const event = decodeEvent(decodeJson(message));
      if (isEnding(event)) this.waiting.get(event.data.call.callId)?.(endedByEvent(event));
    } catch (error) {
      // Not lost: the call is looked up, too.
      logger.warn('an ending could not be read', {}, error);
    }
  }
}
