import { readFileSync } from 'node:fs';
import { parse, YAMLError } from 'yaml';
import type { Terminal } from '../terminal/terminal.js';
import { UsageError } from '../usage-error.js';

export type Document = Readonly<Record<string, unknown>>;

/**
 * A YAML or JSON file that holds one object; `-` is standard input.
 *
 * @throws UsageError that names the file
 */
export async function readDocument(file: string, terminal: Terminal): Promise<Document> {
  return documentIn(await readFileOrInput(file, terminal), file === '-' ? 'standard input' : file);
}

export async function readFileOrInput(file: string, terminal: Terminal): Promise<string> {
  if (file === '-') return terminal.input();
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`${file} cannot be read`, '', { cause });
  }
}

/** JSON is YAML, too; of either, a member named twice is a mistake and not the last of the two. */
export function documentIn(text: string, name: string): Document {
  const value = parsedYaml(text, name);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Document;
  throw new UsageError(`${name} holds no object of YAML or JSON`);
}

function parsedYaml(text: string, name: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    const message = error instanceof YAMLError || error instanceof ReferenceError ? error.message.split('\n')[0] : '';
    throw new UsageError(`${name} is neither YAML nor JSON: ${message}`, '', { cause: error });
  }
}
