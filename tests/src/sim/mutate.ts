import { registerHooks } from 'node:module';
import type { Mutant } from './mutants.js';

/** Patches the built code as it is loaded; must run before anything of the product is. */
export function mutate({ file, find, replace, name }: Mutant): void {
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      if (!url.endsWith(`/${file}`)) return loaded;
      const source = String(loaded.source);
      if (!source.includes(find)) throw new Error(`mutant "${name}" does not fit ${file} any more`);
      return { ...loaded, source: source.replace(find, replace) };
    },
  });
}
