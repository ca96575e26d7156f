import { z } from 'zod';
import type { DocumentedHeaders } from './documented.js';

/** The kinds of values that answers have in common. */
export const time = z.iso.datetime();
export const key = z.string();
export const wholeNumber = z.int();
export const dollars = z.number();
export const object = z.record(z.string(), z.unknown());

/** An answer has these members and no others. */
export const answer = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape);

export const EXAMPLE_TIME = '2026-11-21T12:00:00.000Z';

/** On reads of the record. */
export const LAG_HEADER = {
  'X-Tollgate-Lag': {
    description: 'Seconds that the answer may be behind what was answered before; absent when it is not',
    pattern: '^\\d+$',
    optional: true,
  },
} as const satisfies DocumentedHeaders;

export const IDEMPOTENCY_KEY = { 'Idempotency-Key': 'The same key gets the first answer again' };
