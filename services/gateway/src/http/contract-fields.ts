import { z } from 'zod';
import type { JsonObject } from './json-reader.js';
import { isOpaqueMember } from './secret-places.js';

/** The kinds of values that the contract's section 0 defines, once for all schemas. */

const CONTROL = /\p{Cc}/u;
const UNSAFE_IN_AGENT_ID = /[/?#%\\]/;

/** Text without control characters; the length counts code points. */
export const text = (min: number, max: number) => checkedText(min, max).meta({ minLength: min, maxLength: max });

const checkedText = (min: number, max: number) =>
  z.string().superRefine((value, context) => {
    const length = Array.from(value).length;
    if (length < min) context.addIssue(sizeIssue('too_short', `String should have at least ${min} character`));
    if (length > max) context.addIssue(sizeIssue('too_long', `String should have at most ${max} characters`));
    if (CONTROL.test(value)) context.addIssue({ code: 'custom', message: 'Control characters are not taken' });
    if (!value.isWellFormed()) context.addIssue({ code: 'custom', message: 'A surrogate stands alone' });
  });

const sizeIssue = (how: 'too_short' | 'too_long', message: string) =>
  ({ code: 'custom', message, params: { type: `string_${how}` } }) as const;

export const id = text(1, 256);

export const agentId = id
  .refine(
    (value) => !UNSAFE_IN_AGENT_ID.test(value) && value !== '.' && value !== '..',
    'An agent id has none of / ? # % \\ and is neither . nor ..',
  )
  .meta({ minLength: 1, maxLength: 256 });

/** As it may be asked for; what may be registered is narrower. */
export const toolName = text(1, 128);

export const reason = text(0, 256);

/** Dollars. */
export const money = z.number().min(0).max(1e9);

export const MAX_LIST = 1_000;
export const list = <T extends z.ZodType>(of: T) => z.array(of).max(MAX_LIST);

/** Anything that is an object: its content is the caller's own. */
export const jsonObject = z
  .custom<JsonObject>(isObject, { message: 'Input should be a valid dictionary', params: { type: 'dict_type' } })
  .meta({ type: 'object' });

/** `global` or `agent:<id>`. */
export const scope = z
  .string()
  .refine(
    (value) => value === 'global' || (value.startsWith('agent:') && agentId.safeParse(value.slice(6)).success),
    'A scope is global or agent:<id>',
  );

/** A whole number in a query string. */
export const wholeNumberText = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, 'Input should be a valid integer')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ type: 'integer', minimum: min, maximum: max });

/** A body: a member that is null counts as absent, unknown members are ignored (contract section 0). */
export const body = <S extends z.ZodRawShape>(shape: S) => z.preprocess(withoutNulls, z.object(shape));

/** Drops members that are null, at every depth, save in what is the caller's own. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, isOpaqueMember(name) ? member : withoutNulls(member)]),
  );
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
