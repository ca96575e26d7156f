import type { Position } from '@tollgate/journal';
import type { Positions } from '../reading/source-position.js';
import type { ProjectedRows } from '../rows/projected-rows.js';
import type { CountedEnding, RollupRow } from '../rows/rollup-rows.js';

export type PositionRow = Position & {
  readonly source: string;
  /** Of a journal: who wrote its last message, and the highest id in what is stored now. */
  readonly epoch: string | null;
  readonly last_id: number | null;
};

/** Tables as far as the projection is concerned with how they are kept. */
export interface TableStore {
  /** Makes the tables when they are not there. */
  prepare(nowMs: number): Promise<void>;
  /** Makes room for rows with these ids. */
  makeRoomFor(ids: readonly number[], nowMs: number): Promise<void>;
  positions(names: readonly string[]): Promise<Positions>;
  /** All of it is stored or nothing; the latter when `work` throws. */
  transaction(work: (trx: TableTransaction) => Promise<void>): Promise<void>;
}

export interface TableTransaction {
  /** Nobody else changes them until the transaction ends; what is not there yet cannot be locked. */
  lockedPositions(names: readonly string[]): Promise<Positions>;
  /** How a call in doubt was counted, or that it is counted as resolved; undefined for any other. */
  countedCall(tenant: string, callId: string): Promise<CountedEnding | 'as resolved' | undefined>;
  write(rows: ProjectedRows, rollups: readonly RollupRow[]): Promise<void>;
  /** Answers how many of these were not there before. */
  beginPositions(rows: readonly PositionRow[]): Promise<number>;
  setPositions(rows: readonly PositionRow[]): Promise<void>;
}
