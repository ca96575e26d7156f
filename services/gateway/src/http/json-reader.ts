import { JsonRefusal } from './json-refusal.js';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [member: string]: Json;
}

/** Containers that may be open at once. */
const MAX_NESTING = 32;

const BLANK = /[ \t\n\r]*/y;
const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;

/**
 * Reads JSON without guessing: what two readers could understand differently is refused, because the policy, the
 * canonical form and the tool must all see the same thing. `JSON.parse` takes the last of two equal members, rounds
 * 2^53+1 and reads 1e400 as infinity.
 *
 * @throws JsonRefusal with the place
 */
export function readJson(text: string): Json {
  return new JsonReader(text).document();
}

class JsonReader {
  private at = 0;
  private readonly path: (string | number)[] = [];

  constructor(private readonly text: string) {}

  document(): Json {
    this.skipBlank();
    const value = this.value();
    this.skipBlank();
    if (this.at < this.text.length) throw this.notJson();
    return value;
  }

  private value(): Json {
    switch (this.text[this.at]) {
      case '{':
        return this.nested(() => this.object());
      case '[':
        return this.nested(() => this.array());
      case '"':
        return this.string();
      default:
        return this.scalar();
    }
  }

  private nested<T>(read: () => T): T {
    if (this.path.length >= MAX_NESTING) throw this.refusal('nesting_too_deep', `More than ${MAX_NESTING} levels`);
    this.at += 1;
    this.skipBlank();
    return read();
  }

  private object(): JsonObject {
    const object: JsonObject = {};
    if (this.skips('}')) return object;
    do {
      this.skipBlank();
      this.member(object);
      this.skipBlank();
    } while (this.skips(','));
    this.expect('}');
    return object;
  }

  private member(object: JsonObject): void {
    if (this.text[this.at] !== '"') throw this.notJson();
    const name = this.string();
    this.path.push(name);
    if (name === '__proto__') throw this.refusal('forbidden_member', 'A member of this name is not taken');
    if (Object.hasOwn(object, name)) throw this.refusal('duplicate_member', 'The member is there twice');
    this.skipBlank();
    this.expect(':');
    this.skipBlank();
    object[name] = this.value();
    this.path.pop();
  }

  private array(): Json[] {
    const array: Json[] = [];
    if (this.skips(']')) return array;
    do {
      this.skipBlank();
      this.path.push(array.length);
      array.push(this.value());
      this.path.pop();
      this.skipBlank();
    } while (this.skips(','));
    this.expect(']');
    return array;
  }

  private string(): string {
    const start = this.at;
    this.at += 1;
    this.take(PLAIN_CHARACTERS);
    while (this.text[this.at] === '\\') {
      if (this.take(ESCAPE) === undefined) throw this.notJson();
      this.take(PLAIN_CHARACTERS);
    }
    this.expect('"');
    const value = JSON.parse(this.text.slice(start, this.at)) as string;
    if (!value.isWellFormed()) throw this.refusal('string_unicode', 'A surrogate stands alone');
    if (value.includes('\u0000')) throw this.refusal('string_unicode', 'U+0000 is not taken');
    return value;
  }

  private scalar(): Json {
    for (const [word, value] of WORDS) if (this.skips(word)) return value;
    const written = this.take(NUMBER);
    if (written === undefined) throw this.notJson();
    return this.number(written);
  }

  private number(written: string): number {
    const value = Number(written);
    if (!Number.isFinite(value)) throw this.refusal('finite_number', 'The number is not finite', written);
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw this.refusal('number_out_of_range', 'The whole number is beyond ±(2^53−1)', written);
    }
    return value;
  }

  private skipBlank(): void {
    this.take(BLANK);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private skips(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private expect(token: string): void {
    if (!this.skips(token)) throw this.notJson();
  }

  private notJson(): JsonRefusal {
    return new JsonRefusal('json_invalid', [this.at], 'JSON decode error');
  }

  private refusal(type: string, message: string, written?: string): JsonRefusal {
    return new JsonRefusal(type, [...this.path], message, written);
  }
}
