import { z } from 'zod';

/** Raw arguments and results leave a process only in this form: AES-256-GCM `{k: key id, b: base64}`, or `{p}` with sealing off. */
export const sealedEnvelope = z.union([
  z.object({ k: z.string(), b: z.string() }),
  // Whatever JSON.parse made is JSON: it need not be walked and copied with every event that carries it.
  z.object({ p: z.custom<z.core.util.JSONType>((value) => value !== undefined) }),
]);
export type SealedEnvelope = z.output<typeof sealedEnvelope>;

/** Where a large payload lies: fetched by sequence instead of travelling with every event. */
export const payloadPlace = z.object({ stream: z.string(), seq: z.number().int(), index: z.number().int() });
export type PayloadPlace = z.output<typeof payloadPlace>;

/** A sealed payload, inline or by place; `callId` is the call it was sealed for (associated data of the envelope). */
export const payload = z.union([
  z.object({ callId: z.string(), inline: sealedEnvelope }),
  z.object({ callId: z.string(), place: payloadPlace }),
]);
export type Payload = z.output<typeof payload>;

/** Envelopes above this many base64 characters are stored once and fetched by place. */
export const INLINE_LIMIT = 8_192;

/** How much room a payload takes that travels along, in characters. */
export function payloadSize(of: Payload | undefined): number {
  if (of === undefined || !('inline' in of)) return 0;
  return 'b' in of.inline ? of.inline.b.length : JSON.stringify(of.inline.p).length;
}

/** The same payload for the events behind the one at `place`: small ones travel along, large ones are pointed at. */
export function passOn(from: Payload, place: PayloadPlace | undefined): Payload {
  if (!('inline' in from) || place === undefined) return from;
  return payloadSize(from) > INLINE_LIMIT ? { callId: from.callId, place } : from;
}
