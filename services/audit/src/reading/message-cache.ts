import type { StoredMessage } from '@tollgate/journal';
import { readMessage, type ReadMessage } from './read-message.js';
import type { Source } from './source.js';

const KEPT = 1_024;

/** Every projection reads each journal by itself, at its own pace; while they keep pace a message is decoded once for all. */
export class MessageCache {
  private readonly kept = new Map<string, ReadMessage>();

  read(source: Source, message: StoredMessage): ReadMessage {
    const key = `${source.name}:${String(message.seq)}`;
    const known = this.kept.get(key);
    if (known?.stampMs === message.stampMs) return known;
    const read = readMessage(source, message);
    this.kept.set(key, read);
    if (this.kept.size > KEPT) this.forgetOldest();
    return read;
  }

  private forgetOldest(): void {
    const [oldest] = this.kept.keys();
    if (oldest !== undefined) this.kept.delete(oldest);
  }
}
