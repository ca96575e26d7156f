import { findBinary, findPostgres } from './find-binary.js';

/** What a search for programs asks of the machine. */
export interface Machine {
  readonly uid: number | undefined;
  readonly binary: (name: string) => string | undefined;
  /** The folder of a Postgres installation. */
  readonly postgres: () => string | undefined;
}

export const THIS_MACHINE: Machine = {
  uid: process.getuid?.(),
  binary: (name) => findBinary(name),
  postgres: () => findPostgres()[0]?.folder,
};
