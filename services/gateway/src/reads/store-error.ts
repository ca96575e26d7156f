import { unavailable, type ContractError } from '../http/contract-error.js';

/** Connections, resources, operator's stops, no database yet, no tables yet (audit makes them). */
const OUT_OF_REACH = /^(08|53|57|58|28|3D000|42P01)/;

/** Postgres out of reach, as the contract says it; undefined for a bug of ours. */
export function storeError(error: unknown): ContractError | undefined {
  if (!(error instanceof Error) || error instanceof TypeError) return undefined;
  // Only what Postgres itself says has a severity; the codes of sockets (EPIPE) look alike.
  const sqlState = 'severity' in error ? (error as { code?: string }).code : undefined;
  if (sqlState !== undefined && !OUT_OF_REACH.test(sqlState)) return undefined;
  return unavailable('The record is out of reach', {}, error);
}

/** Runs a query; foreign errors are translated here and nowhere else. */
export async function fromStore<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    throw storeError(error) ?? error;
  }
}
