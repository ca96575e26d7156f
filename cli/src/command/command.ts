import type { Api } from '../api/api.js';
import type { ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal/terminal.js';
import type { Options, Values } from './option.js';

/** What a command comes to. */
export interface Result {
  /** For `--json`: the answer of the API as it came. */
  readonly answer: unknown;
  /** For people. */
  readonly text: string;
  readonly exit?: ExitCode;
}

export interface Given<O extends Options> {
  readonly args: readonly string[];
  readonly options: Values<O>;
}

/** What a command works with. */
export interface Context {
  readonly api: Api;
  readonly terminal: Terminal;
  /** Shows something before the command has ended: as one line of JSON, or as text. */
  show(answer: unknown, text: string): void;
}

export interface Command<O extends Options = Options> {
  /** What is typed, `keys create`. */
  readonly words: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** `<agent>` is needed, `[agent]` may be left out. */
  readonly takes: readonly string[];
  readonly options: O;
  /** More than the summary, where there is more to know. */
  readonly about?: string;
  /** What comes behind `npx tollgate`. */
  readonly examples: readonly string[];
  run(given: Given<O>, context: Context): Promise<Result>;
}

/** Only tells the compiler which options `run` has. */
export const command = <O extends Options>(definition: Command<O>): Command<O> => definition;
