import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { invalid, tooLarge } from './contract-error.js';
import { refusedJson, wireIssues, type Origin } from './issues.js';
import { readJson, type Json } from './json-reader.js';
import { JsonRefusal } from './json-refusal.js';
import type { RawBody } from './raw-body.js';

const ORIGINS: Readonly<Record<string, Origin>> = { body: 'body', query: 'query', param: 'path' };

/** The one way in: every body, query and path is read and checked against its schema here, after the key was. */
export class ContractPipe implements PipeTransform {
  transform(value: unknown, { type, schema }: ArgumentMetadata): unknown {
    const origin = ORIGINS[type];
    if (origin === undefined || schema === undefined) return value;
    const read = origin === 'body' ? readBody(value as RawBody | undefined) : value;
    const parsed = (schema as unknown as z.ZodType).safeParse(read);
    if (!parsed.success) throw invalid(wireIssues(origin, parsed.error.issues, read));
    return parsed.data;
  }
}

/** Whatever its type is said to be, a body is JSON; none counts as `{}`. */
export function readBody(raw: RawBody | undefined): Json {
  if (raw === 'too_large') throw tooLarge('The body is over 1 MB');
  try {
    const text = decoded(raw);
    return text.trim() === '' ? {} : readJson(text);
  } catch (error) {
    if (error instanceof JsonRefusal) throw invalid([refusedJson(error)]);
    throw error;
  }
}

function decoded(raw: Buffer | undefined): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    throw new JsonRefusal('json_invalid', [0], 'The body is not UTF-8');
  }
}
