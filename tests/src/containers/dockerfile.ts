import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './compose-file.js';

export interface Instruction {
  readonly name: string;
  readonly text: string;
}

export interface Copy {
  /** The stage it copies from; undefined is the project itself. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
}

/** Instructions with their continued lines joined, comments left out. */
export function dockerfile(): readonly Instruction[] {
  return readFileSync(join(root, 'Dockerfile'), 'utf8')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.split(' ')[0] ?? '', text: line.slice(line.indexOf(' ') + 1).trim() }));
}

export function copies(instructions: readonly Instruction[]): readonly Copy[] {
  return instructions
    .filter(({ name }) => name === 'COPY')
    .map(({ text }) => {
      const words = text.split(/\s+/);
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
      return { from, sources: words.filter((word) => !word.startsWith('--')).slice(0, -1) };
    });
}

/** Whether Docker is sent a path of the project: the last matching line of .dockerignore decides. */
export function isSent(path: string): boolean {
  return readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .reduce((sent, line) => (matches(line.replace(/^!/, ''), path) ? line.startsWith('!') : sent), true);
}

/** A pattern matches a path, and everything below what it matches. */
function matches(pattern: string, path: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**/', '(?:.*/)?')
    .replaceAll(/(?<!\.)\*/g, '[^/]*');
  return new RegExp(`^${expression}(?:/.*)?$`).test(path);
}
