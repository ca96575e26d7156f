import type { TollgateEvent } from '@tollgate/events';
import { storedReplyOf, type StoredReply } from '@tollgate/store';

/** What the lease stage answered, and whom; undefined for an event that answers no command. */
export const replyByEvent = (event: TollgateEvent): { commandId: string; reply: StoredReply } | undefined => {
  const answered = storedReplyOf(event);
  return answered && { commandId: answered.reply.commandId, reply: answered.stored };
};
