import type { ReadMessage } from '../reading/read-message.js';
import type { Source } from '../reading/source.js';
import type { Positions } from '../reading/source-position.js';

/** What is stored in one go: the messages, in the order of each source, and how far that takes the projection. */
export interface Slice {
  readonly messages: readonly ReadMessage[];
  /** What the stored positions must be, or somebody else writes this projection. */
  readonly expected: Positions;
  readonly next: Positions;
}

/** Where a source begins that has no position: with what is retained, or only with what was stored after a time. */
export type Beginning = 'first' | { readonly sinceMs: number };

/** One projection: it keeps its positions with what it stores, all or nothing (rule 16). */
export interface Sink {
  /** For logs, metrics and health. */
  readonly name: string;
  /** How long messages are collected before they are stored, ms. */
  readonly lingerMs: number;
  beginning(nowMs: number): Beginning;
  /** Makes ready what it stores into, and tells how far it is. */
  load(sources: readonly Source[]): Promise<Positions>;
  /**
   * Throws {@link LostPositionError} unless the sources hold what it has stored of them beyond its positions. Asked once there
   * are readers.
   */
  verify?(): Promise<void>;
  /** How far a process that began anew would be; where it is not as far as what was written last. */
  stored?(): Positions;
  /** Throws {@link PositionMovedError}, having stored nothing, when the stored positions are not the expected ones. */
  write(slice: Slice): Promise<void>;
}

/** Another process wrote this projection, or it was wiped: load the positions and go on from there. */
export class PositionMovedError extends Error {
  override readonly name = 'PositionMovedError';
  readonly messageIsSafe = true;
}

/** What is stored into is out of reach; nothing is lost, the journals hold it. */
export class SinkUnavailableError extends Error {
  override readonly name = 'SinkUnavailableError';
  readonly messageIsSafe = true;
}
