import { Refusal } from '../../api/refusal.js';
import { command, type Result } from '../../command/command.js';
import { text, whole } from '../../command/option.js';
import { EXIT } from '../../exit-code.js';
import { readDocument } from '../../input/document.js';
import { plain } from '../../text/plain.js';
import { isoTime } from '../../text/time.js';

export interface Locked {
  readonly success: boolean;
  readonly key: string;
  readonly ttl: number;
  readonly first_seen_at: string | null;
}

export const lock = command({
  words: 'lock',
  summary: 'takes a key once: 0 for the first, 6 for a duplicate',
  takes: ['<key>'],
  options: {
    ttl: whole('<sec>', 'how long it is remembered (as the plan says)'),
    metadata: text('<file>', 'an object of your own, YAML or JSON'),
  },
  examples: ['lock nightly-report-2026-11-21 --ttl 86400 && ./report', 'lock order-1001 --json'],
  async run({ args: [key = ''], options: { ttl, metadata } }, { api, terminal }) {
    const more = metadata === undefined ? {} : { metadata: await readDocument(metadata, terminal) };
    try {
      const answer = await api.create<Locked>('/v1/check-lock', { key, ttl, ...more });
      return { answer, text: lockText(answer), exit: answer.success ? EXIT.done : EXIT.taken };
    } catch (error) {
      return blocked(error, key);
    }
  },
});

/** A server may be set to refuse a duplicate. @throws everything else again */
function blocked(error: unknown, key: string): Result {
  if (!(error instanceof Refusal) || error.code !== 'Duplicate blocked') throw error;
  const { detail } = error.body as { readonly detail: { readonly first_seen_at: string } };
  return { answer: error.body, text: duplicateText(key, detail.first_seen_at), exit: EXIT.taken };
}

export const lockText = ({ success, key, ttl, first_seen_at }: Locked): string =>
  success ? `locked: ${plain(key)}, for ${ttl} s\n` : duplicateText(key, first_seen_at);

const duplicateText = (key: string, firstSeenAt: string | null): string =>
  `duplicate: ${plain(key)}, first seen ${isoTime(firstSeenAt)}\n`;
