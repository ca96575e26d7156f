import type { IncomingHttpHeaders } from 'node:http';

/** What a tool answered: its head, and its body as far as it is wanted and came. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: ReplyBody;
}

/** `unread`: the status alone decides; `incomplete`: cut off, or not there in time. */
export type ReplyBody = Buffer | 'unread' | 'too_large' | 'incomplete';
