import { randomBytes } from 'node:crypto';

const ECHOED = /^[\x21-\x7e]{1,128}$/;

/** The caller's `X-Request-Id` where it is one, else a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && ECHOED.test(header) ? header : `req_${randomBytes(12).toString('base64url')}`;
}
