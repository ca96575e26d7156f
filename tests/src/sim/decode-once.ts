import type { Mutant, Patch } from './mutants.js';

const memoized = (file: string, name: string, parameter: string): Patch => ({
  file,
  find: `export function ${name}(${parameter}) {`,
  replace: `const ${name}d = new WeakMap();
export function ${name}(from) {
    let value = ${name}d.get(from);
    if (value === undefined) {
        value = ${name}First(from);
        if (typeof from === 'object' && from !== null) ${name}d.set(from, value);
    }
    return value;
}
function ${name}First(${parameter}) {`,
});

const CODEC = 'libs/events/dist/codec.js';
const BATCH = 'libs/journal/dist/batch.js';

/**
 * A dozen simulated processes read the same bytes: the built code is patched to decode them once for all. Nobody changes
 * what it has read, so that nobody can tell; sim.spec.ts compares.
 */
export const DECODE_ONCE: Pick<Mutant, 'name' | 'patches'> = {
  name: 'decode once',
  patches: [
    memoized(CODEC, 'decodeEvent', 'value'),
    memoized(CODEC, 'decodeJson', 'bytes'),
    memoized(BATCH, 'readBatch', 'bytes'),
  ],
};
