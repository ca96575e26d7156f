import { texts, text, type Values } from '../command/option.js';
import type { Terminal } from '../terminal/terminal.js';
import { UsageError } from '../usage-error.js';
import { readDocument, type Document } from './document.js';

export const CALL_ARGS = {
  arg: texts('<name=value>', 'an argument; JSON where it is JSON (12, true, {"a":1}), else text; again for another'),
  'text-arg': texts('<name=value>', 'an argument that is text, whatever it looks like'),
  args: text('<file>', 'the arguments as YAML or JSON, - for standard input; --arg goes over it'),
};

/** The arguments of a call. @throws UsageError */
export async function callArgs(given: Values<typeof CALL_ARGS>, terminal: Terminal): Promise<Document> {
  const file = given.args === undefined ? {} : await readDocument(given.args, terminal);
  const named = [...given.arg.map(jsonArg), ...given['text-arg'].map(textArg)];
  return { ...file, ...Object.fromEntries(named) };
}

export function jsonArg(given: string): readonly [string, unknown] {
  const [name, value] = textArg(given);
  return [name, jsonOrText(value)];
}

export function textArg(given: string): readonly [string, string] {
  const at = given.indexOf('=');
  if (at < 1) throw new UsageError(`an argument is <name=value>, not "${given}"`);
  return [given.slice(0, at), given.slice(at + 1)];
}

function jsonOrText(value: string): unknown {
  const read = parsedJson(value);
  if (typeof read === 'number' && !isExact(read, value)) {
    throw new UsageError(`${value} cannot be sent as it is: as text, use --text-arg`);
  }
  return read;
}

function parsedJson(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** An account number of twenty digits would go out as another one. */
const isExact = (read: number, written: string): boolean =>
  Number.isFinite(read) && (Number.isSafeInteger(read) || !/^-?\d+$/.test(written));
