import type { z } from 'zod';
import type { JsonRefusal } from './json-refusal.js';
import { type WireIssue } from './json-refusal.js';
import { isSecretPlace } from './secret-places.js';

/** Where a value came from: the first word of every `loc`. */
export type Origin = 'body' | 'query' | 'path';

type Issue = z.core.$ZodIssue;

const MAX_INPUT = 100;

/** The detail of a 422, from what zod found. */
export function wireIssues(origin: Origin, issues: readonly Issue[], value: unknown): readonly WireIssue[] {
  return issues.map((issue) => wireIssue(origin, issue, value));
}

export function refusedJson({ type, path, message, written }: JsonRefusal): WireIssue {
  const input = written === undefined || isSecretPlace(path) ? null : shown(written);
  return { type, loc: ['body', ...path], msg: message, input };
}

function wireIssue(origin: Origin, issue: Issue, value: unknown): WireIssue {
  const input = valueAt(value, issue.path);
  const missing = issue.code === 'invalid_type' && input === undefined;
  const hidden = missing || (origin === 'body' && isSecretPlace(issue.path));
  return {
    type: missing ? 'missing' : typeOf(issue),
    loc: [origin, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))],
    msg: missing ? 'Field required' : issue.message,
    input: hidden ? null : shown(input),
  };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined),
    value,
  );
}

/** Cut between code points; what is no scalar is shown as the start of its JSON. */
function shown(input: unknown): unknown {
  if (input === undefined || input === null || typeof input === 'number' || typeof input === 'boolean')
    return input ?? null;
  const text = typeof input === 'string' ? input : (JSON.stringify(input) ?? '');
  return text.length <= MAX_INPUT ? text : Array.from(text).slice(0, MAX_INPUT).join('');
}

/** The words of pydantic, which clients of this API know. */
function typeOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_WORDS[issue.expected] ?? 'value_error';
    case 'too_big':
      return sizeWord(issue.origin, 'too_long', 'less_than_equal');
    case 'too_small':
      return sizeWord(issue.origin, 'too_short', 'greater_than_equal');
    case 'invalid_value':
      return 'literal_error';
    case 'invalid_format':
      return 'string_pattern_mismatch';
    case 'custom':
      return typeof issue.params?.['type'] === 'string' ? issue.params['type'] : 'value_error';
    default:
      return 'value_error';
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'string_type',
  number: 'float_type',
  int: 'int_type',
  boolean: 'bool_type',
  object: 'dict_type',
  record: 'dict_type',
  array: 'list_type',
};

function sizeWord(origin: string, length: string, amount: string): string {
  if (origin === 'string') return `string_${length}`;
  return origin === 'array' || origin === 'record' || origin === 'object' ? length : amount;
}
