import { invalid, invalidValue } from './contract-error.js';
import { id } from './contract-fields.js';

const QUOTED = /^"(.*)"$/;

/**
 * The idempotency key of a request, from its header (quotes stripped) or its body.
 *
 * @throws ContractError 422 for one that is no id, and for two that differ
 */
export function idempotencyKeyOf(header: string | undefined, inBody?: string): string | undefined {
  const inHeader = header === undefined || header === '' ? undefined : header.replace(QUOTED, '$1');
  if (inHeader === undefined) return inBody;
  if (!id.safeParse(inHeader).success) {
    throw invalid([
      {
        type: 'value_error',
        loc: ['body', 'idempotency_key'],
        msg: 'The Idempotency-Key header is no id of 1 to 256 characters',
        input: null,
      },
    ]);
  }
  if (inBody !== undefined && inBody !== inHeader) {
    throw invalidValue(['body', 'idempotency_key'], 'The Idempotency-Key header says something else');
  }
  return inHeader;
}
