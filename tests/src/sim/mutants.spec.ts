import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from './mutants.js';

const ROOT = join(import.meta.dirname, '../../..');

describe('the mutants', () => {
  it('have names of their own', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  it.each(MUTANTS)('fit the built code: $name', ({ patches }) => {
    const patched = new Map<string, string>();
    for (const { file, find, replace } of patches) {
      const text = patched.get(file) ?? readFileSync(join(ROOT, file), 'utf8');
      expect(text).toContain(find);
      patched.set(
        file,
        text.replace(find, () => replace),
      );
    }
  });
});
