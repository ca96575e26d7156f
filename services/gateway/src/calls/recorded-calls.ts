import type { CallsTable } from '@tollgate/store';
import { mustCover, type Caller } from '../auth/caller.js';
import { notFound } from '../http/contract-error.js';
import type { CallRecord } from '../reads/call-record.js';
import type { Fresh, FreshReads } from '../reads/fresh-reads.js';
import { refusedWithLag } from '../reads/lag-header.js';
import type { CallAnswer } from '../run/call-answer.js';
import type { Results } from '../run/results.js';
import { resultOf, rowAnswer } from './call-row.js';
import type { ResolveBody } from './calls.schema.js';
import type { Resolutions } from './resolutions.js';

/** Contract 3.1, single calls of the record, behind HTTP. */
export class RecordedCalls {
  constructor(
    private readonly reads: FreshReads<CallRecord>,
    private readonly results: Results,
    private readonly resolutions: Resolutions,
  ) {}

  /** @throws ContractError 403, 404, 503 */
  one(caller: Caller, callId: string): Promise<Fresh<CallAnswer>> {
    return this.about(caller, callId, async (row) =>
      rowAnswer(row, await this.results.open(caller.tenant, resultOf(row))),
    );
  }

  /** @throws ContractError 403, 404, 409, 413, 503 */
  resolve(caller: Caller, callId: string, word: ResolveBody, trace?: string): Promise<Fresh<CallAnswer>> {
    return this.about(caller, callId, (row) => this.resolutions.resolve(caller, row, word, trace));
  }

  private async about<T>(caller: Caller, callId: string, work: (row: CallsTable) => Promise<T>): Promise<Fresh<T>> {
    const { found: row, lagSec } = await this.reads.read(caller.tenant, (record) =>
      record.callById(caller.tenant, callId),
    );
    try {
      if (row === undefined) throw notFound('not_found', 'There is no such call');
      mustCover(caller, row.agent);
      return { found: await work(row), lagSec };
    } catch (error) {
      throw refusedWithLag(error, lagSec);
    }
  }
}
