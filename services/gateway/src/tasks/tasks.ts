import type { Command, Job, Payload } from '@tollgate/events';
import type { Clock } from '@tollgate/journal';
import type { JsonValue, Sealer } from '@tollgate/sealing';
import type { StoredReply, StoredTask } from '@tollgate/store';
import type { Caller } from '../auth/caller.js';
import { notFound } from '../http/contract-error.js';
import type { JsonObject } from '../http/json-reader.js';
import type { PlanOf } from '../plans/plan-of.js';
import type { KnownTasks } from './known-tasks.js';
import type { AskedCommand, LeaseCommands } from './lease-commands.js';
import {
  acquiredAnswer,
  endedAnswer,
  extendedAnswer,
  polledAnswer,
  resultAnswer,
  statusAnswer,
} from './task-answer.js';
import type { TaskResults } from './task-results.js';
import type { CancelBody, CompleteBody, ExtendBody, FailBody, LeaseBody, ResetBody } from './tasks.schema.js';
import { ttlOf } from './ttl.js';

/** Who asks, and how. */
export type Request = Omit<AskedCommand, 'command'>;

export interface TasksParts {
  readonly commands: LeaseCommands;
  readonly known: KnownTasks;
  readonly results: TaskResults;
  readonly planOf: PlanOf;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

const MAX_RESULT_BYTES = 262_144;

/** Contract sections 2 and 3.2, behind HTTP. */
export class Tasks {
  constructor(private readonly parts: TasksParts) {}

  /** @throws ContractError 402, 403 (also for what another agent's job did), 503 */
  async lease(request: Request, { key, ttl }: LeaseBody, withJob?: (leaseId: string) => Job): Promise<JsonObject> {
    const { planOf, clock } = this.parts;
    const leaseId = `lease_${clock.newName()}`;
    const ttlSec = ttlOf(ttl, planOf(request.caller.tenant));
    const job = withJob?.(leaseId);
    const command: Command = { does: 'lease', key, ttlSec, leaseId, ...(job === undefined ? {} : { job }) };
    return this.leaseAnswer(request.caller, await this.ask(request, command));
  }

  /** @throws ContractError 404, 503 */
  async status(caller: Caller, key: string): Promise<JsonObject> {
    const task = await this.parts.known.find(caller.tenant, key);
    return found(task && statusAnswer(task, this.parts.clock.now()));
  }

  /** @throws ContractError 403, 404, 503 */
  async result(caller: Caller, key: string): Promise<JsonObject> {
    const task = await this.parts.known.find(caller.tenant, key);
    if (task === undefined) throw unknownKey();
    return found(resultAnswer(task, this.parts.clock.now(), await this.parts.results.of(caller, task)));
  }

  /** @throws ContractError 403, 404, 409, 503, as do those below */
  async extend(request: Request, { key, lease_id: leaseId, ttl }: ExtendBody): Promise<JsonObject> {
    const ttlSec = ttl === undefined ? {} : { ttlSec: ttlOf(ttl, this.parts.planOf(request.caller.tenant)) };
    return extendedAnswer(taskIn(await this.ask(request, { does: 'extend', key, leaseId, ...ttlSec })));
  }

  async complete(request: Request, sent: CompleteBody): Promise<JsonObject> {
    const { key, lease_id: leaseId, result_hash: resultHash } = sent;
    const hash = resultHash === undefined ? {} : { resultHash };
    const kept = this.kept(request.caller, leaseId, sent.result);
    return endedAnswer(taskIn(await this.ask(request, { does: 'complete', key, leaseId, ...kept, ...hash })));
  }

  async fail(request: Request, { key, lease_id: leaseId, error_code: errorCode }: FailBody): Promise<JsonObject> {
    return endedAnswer(taskIn(await this.ask(request, { does: 'fail', key, leaseId, errorCode })));
  }

  async cancel(request: Request, { key, lease_id: leaseId }: CancelBody): Promise<JsonObject> {
    return endedAnswer(taskIn(await this.ask(request, { does: 'cancel', key, leaseId })));
  }

  async reset(request: Request, { key }: ResetBody): Promise<JsonObject> {
    return endedAnswer(taskIn(await this.ask(request, { does: 'reset', key })));
  }

  private ask(request: Request, command: Command): Promise<StoredReply> {
    return this.parts.commands.ask({ ...request, command });
  }

  private async leaseAnswer(caller: Caller, reply: StoredReply): Promise<JsonObject> {
    const task = taskIn(reply);
    const credits = reply.credits ?? { plan: '', usage: 0, limit: 0, charged: 0 };
    if (reply.type === 'task-acquired' || reply.asHolder === true) return acquiredAnswer(task, credits);
    return found(polledAnswer(task, credits, reply.at, await this.parts.results.of(caller, task)));
  }

  /** Too large a result is not kept, and does not refuse the completion: clients would then say that they failed. */
  private kept(
    { tenant }: Caller,
    leaseId: string,
    result: JsonObject | undefined,
  ): { result?: Payload; resultDropped?: true } {
    if (result === undefined) return {};
    if (Buffer.byteLength(JSON.stringify(result)) > MAX_RESULT_BYTES) return { resultDropped: true };
    const callId = `task:${leaseId}`;
    return { result: { callId, inline: this.parts.sealer.seal(result as JsonValue, { tenant, callId }) } };
  }
}

const unknownKey = () => notFound('not_found', 'Nobody has leased this key');

function found(answer: JsonObject | undefined): JsonObject {
  if (answer === undefined) throw unknownKey();
  return answer;
}

function taskIn({ task, type }: StoredReply): StoredTask {
  if (task === undefined) throw new TypeError(`${type} says nothing of a task`);
  return task;
}
