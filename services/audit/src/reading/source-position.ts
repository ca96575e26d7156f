import { createHash } from 'node:crypto';

/** The last message of a source whose projection is stored. */
export interface SourcePosition {
  readonly seq: number;
  /** Names the message at `seq` by its bytes, so that a stream made anew, or one that lost its tail, is recognised (rule 3). */
  readonly mark: string;
}

/** By source name; a source that is missing has not been read yet. */
export type Positions = Readonly<Record<string, SourcePosition>>;

export const markOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
