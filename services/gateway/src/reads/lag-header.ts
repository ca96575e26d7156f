import type { FastifyReply } from 'fastify';
import { ContractError } from '../http/contract-error.js';
import type { Fresh } from './fresh-reads.js';

const HEADER = 'X-Tollgate-Lag';

/** What was found; the header says how far it may be behind (contract section 8). */
export function withLag<T>(reply: Pick<FastifyReply, 'header'>, { found, lagSec }: Fresh<T>): T {
  if (lagSec !== undefined) void reply.header(HEADER, String(lagSec));
  return found;
}

/** A refusal that was decided from the record says so, too; any other error stays as it is. */
export function refusedWithLag(error: unknown, lagSec: number | undefined): unknown {
  if (!(error instanceof ContractError) || lagSec === undefined) return error;
  const headers = { ...error.headers, [HEADER]: String(lagSec) };
  return new ContractError(error.status, error.detail, headers, { cause: error.cause });
}
