/** A small patch of the built code: the first occurrence of a text in a file is replaced. */
export interface Patch {
  /** End of the built file's path. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The built code with a rule left out: the simulation must notice, or it is not real. */
export interface Mutant {
  readonly name: string;
  /** The rule of docs/protocol.md that it leaves out. */
  readonly rule: number;
  readonly patches: readonly Patch[];
}

export const mutant = (
  rule: number,
  name: string,
  ...patches: readonly (readonly [string, string, string])[]
): Mutant => ({
  rule,
  name,
  patches: patches.map(([file, find, replace]) => ({ file, find, replace })),
});
