/** Sequences by source (a stream's name). */
export type Ends = ReadonlyMap<string, number>;

/** The sources that the projection has not read to these ends, and how far it has read them. */
export const behind = (ends: Ends, positions: Ends): readonly { source: string; after: number }[] =>
  [...ends]
    .map(([source, end]) => ({ source, end, after: positions.get(source) ?? 0 }))
    .filter(({ end, after }) => after < end)
    .map(({ source, after }) => ({ source, after }));
