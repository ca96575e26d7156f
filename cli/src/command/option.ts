/** One option of a command: how it is written, what the help says of it, and what it becomes. */
export interface Option<T> {
  readonly type: 'string' | 'boolean';
  readonly multiple: boolean;
  /** What stands behind it, `<sec>`; nothing behind a flag. */
  readonly value: string;
  readonly about: string;
  /** @throws RangeError in words for whoever typed it */
  readonly read: (given: unknown) => T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type Values<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

export const flag = (about: string): Option<boolean> => ({
  type: 'boolean',
  multiple: false,
  value: '',
  about,
  read: (given) => given === true,
});

export const text = (value: string, about: string): Option<string | undefined> => one(value, about, (given) => given);

/** May be given again and again. */
export const texts = (value: string, about: string): Option<readonly string[]> => ({
  type: 'string',
  multiple: true,
  value,
  about,
  read: (given) => (given as string[] | undefined) ?? [],
});

export const whole = (value: string, about: string): Option<number | undefined> =>
  one(value, about, (given) => {
    if (/^\d{1,15}$/.test(given)) return Number(given);
    throw new RangeError(`takes a whole number, not "${given}"`);
  });

/** Dollars. */
export const amount = (value: string, about: string): Option<number | undefined> =>
  one(value, about, (given) => {
    if (/^\d+(\.\d+)?$/.test(given)) return Number(given);
    throw new RangeError(`takes an amount in dollars like 12.50, not "${given}"`);
  });

export const oneOf = <C extends string>(choices: readonly C[], about: string): Option<C | undefined> =>
  one(`<${choices.join('|')}>`, about, (given) => {
    const chosen = choices.find((choice) => choice === given);
    if (chosen !== undefined) return chosen;
    throw new RangeError(`takes one of ${choices.join(', ')}, not "${given}"`);
  });

const one = <T>(value: string, about: string, read: (given: string) => T): Option<T | undefined> => ({
  type: 'string',
  multiple: false,
  value,
  about,
  read: (given) => (given === undefined ? undefined : read(given as string)),
});
