import { decodeEvent, decodeJson, isEnding, type EndingEvent } from '@tollgate/events';
import { answerSubject, type MessageBus } from '@tollgate/journal';
import type { Logger } from '@tollgate/runtime';
import type { StoredReply } from '@tollgate/store';
import { replyByEvent } from '../tasks/command-reply.js';
import { endedByEvent, type EndedCall } from './ended-call.js';

export interface Expected {
  /** Undefined when this gateway stops: nobody will be told any more. */
  readonly heard: Promise<EndedCall | undefined>;
  forget(): void;
}

/** Hears the plain messages in which a stage tells this gateway what it waits for (rule 17): ends of calls, refused words. */
export class Endings {
  private readonly waiting = new Map<string, (ended: EndedCall | undefined) => void>();
  private readonly resolutions = new Map<string, Set<(ended: EndedCall | undefined) => void>>();
  private readonly words = new Map<string, () => void>();
  private readonly replies = new Map<string, (reply: StoredReply | undefined) => void>();
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

  /** How a call in doubt is resolved, for each of those who wait for it; what it was before is not heard here. */
  expectResolution(callId: string): Expected {
    const { promise: heard, resolve } = Promise.withResolvers<EndedCall | undefined>();
    const waiting = this.resolutions.get(callId) ?? new Set();
    this.resolutions.set(callId, waiting.add(resolve));
    if (this.stopped) resolve(undefined);
    return {
      heard,
      forget: () => {
        waiting.delete(resolve);
        if (waiting.size === 0 && this.resolutions.get(callId) === waiting) this.resolutions.delete(callId);
      },
    };
  }

  /** Resolves when the dispatcher says that an operator's word came to nothing: the call is not in doubt. */
  expectRefusal(commandId: string): { readonly heard: Promise<'refused'>; forget(): void } {
    const heard = new Promise<'refused'>((resolve) => {
      this.words.set(commandId, () => {
        resolve('refused');
      });
    });
    return { heard, forget: () => this.words.delete(commandId) };
  }

  /** What the lease stage answers a command. */
  expectReply(commandId: string): { readonly heard: Promise<StoredReply | undefined>; forget(): void } {
    const heard = new Promise<StoredReply | undefined>((resolve) => {
      if (this.stopped) resolve(undefined);
      else this.replies.set(commandId, resolve);
    });
    return { heard, forget: () => this.replies.delete(commandId) };
  }

  /** Everybody who waits is answered with what is known now. */
  stop(): void {
    this.stopped = true;
    const resolutions = [...this.resolutions.values()].flatMap((waiting) => [...waiting]);
    for (const resolve of [...this.waiting.values(), ...resolutions]) resolve(undefined);
    for (const resolve of this.replies.values()) resolve(undefined);
    this.waiting.clear();
    this.resolutions.clear();
    this.replies.clear();
  }

  private tellEnd(event: EndingEvent): void {
    const { callId } = event.data.call;
    const ended = endedByEvent(event);
    this.waiting.get(callId)?.(ended);
    if (event.type === 'resolved') for (const resolve of this.resolutions.get(callId) ?? []) resolve(ended);
  }

  private tell(message: Uint8Array, logger: Logger): void {
    try {
      const event = decodeEvent(decodeJson(message));
      if (isEnding(event)) this.tellEnd(event);
      const reply = replyByEvent(event);
      if (reply !== undefined) this.replies.get(reply.commandId)?.(reply.reply);
      if (event.type === 'resolution-answered' && event.data.answer === 'not_in_doubt') {
        this.words.get(event.data.commandId)?.();
      }
    } catch (error) {
      // Not lost: the call is looked up, too.
      logger.warn('an ending could not be read', {}, error);
    }
  }
}
