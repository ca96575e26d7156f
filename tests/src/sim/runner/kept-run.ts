import { nearest, UsageError } from './options.js';

/** The one that is about these words. Throws a {@link UsageError} that says what to write instead. */
export function keptRun<R extends { readonly what: string }>(words: string, kept: readonly R[]): R {
  const about = kept.filter(({ what }) => what.toLowerCase().includes(words.toLowerCase()));
  const [first] = about;
  if (about.length > 1) {
    throw new UsageError(
      `${about.length} kept runs are about "${words}": "${about.map(({ what }) => what).join('", "')}"`,
    );
  }
  if (first !== undefined) return first;
  const near = nearest(
    words,
    kept.map(({ what }) => what),
  );
  const hint = near === undefined ? 'docs/guarantees.md lists what was found' : `did you mean "${near}"?`;
  throw new UsageError(`no kept run is about "${words}": ${hint}`);
}
