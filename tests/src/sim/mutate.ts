import { registerHooks } from 'node:module';
import type { Mutant } from './mutants.js';

/** Patches the built code as it is loaded; must run before anything of the product is. */
export function mutate({ patches, name }: Pick<Mutant, 'name' | 'patches'>): void {
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      const mine = patches.filter(({ file }) => url.endsWith(`/${file}`));
      if (mine.length === 0) return loaded;
      const source = mine.reduce((text, { file, find, replace }) => {
        if (!text.includes(find)) throw new Error(`"${name}" does not fit ${file} any more`);
        return text.replace(find, () => replace);
      }, String(loaded.source));
      return { ...loaded, source };
    },
  });
}
