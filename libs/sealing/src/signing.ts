import { createHmac, timingSafeEqual } from 'node:crypto';

type Body = string | Uint8Array;

/** `X-OnceOnly-Signature`: lowercase hex HMAC-SHA256 of the raw body, the secret taken as UTF-8. */
export function signHex(secret: string, body: Body): string {
  return createHmac('sha256', Buffer.from(secret, 'utf8')).update(body).digest('hex');
}

/** Whether the signature is that of the body, compared in constant time. */
export function verifyHex(secret: string, body: Body, signature: string): boolean {
  return equalInConstantTime(signHex(secret, body), signature);
}

/**
 * `webhook-signature` of Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`. The secret's UTF-8
 * bytes are the key, so a tool that verifies with a Standard Webhooks library passes `whsec_` + base64(secret) to it.
 *
 * @param timestamp Unix seconds.
 */
export function standardWebhooksSignature(secret: string, id: string, timestamp: number, body: Body): string {
  const mac = createHmac('sha256', Buffer.from(secret, 'utf8')).update(`${id}.${timestamp}.`).update(body);
  return `v1,${mac.digest('base64')}`;
}

export interface StandardWebhooksHeaders {
  readonly id: string;
  readonly timestamp: number;
  /** One or more signatures, separated by spaces, as the header has them. */
  readonly signature: string;
}

/** Whether any of the header's signatures is that of the body. Whether the timestamp is recent is the caller's to say. */
export function verifyStandardWebhooks(secret: string, headers: StandardWebhooksHeaders, body: Body): boolean {
  const expected = standardWebhooksSignature(secret, headers.id, headers.timestamp, body);
  return headers.signature.split(' ').some((signature) => equalInConstantTime(expected, signature));
}

function equalInConstantTime(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected, 'utf8'), Buffer.from(given, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}
