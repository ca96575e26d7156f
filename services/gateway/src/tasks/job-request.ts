import { createHash } from 'node:crypto';
import type { EndedAction, Job, RequestedCall } from '@tollgate/events';
import { mustCover, type Caller } from '../auth/caller.js';
import { invalid } from '../http/contract-error.js';
import { wireIssues } from '../http/issues.js';
import type { WireIssue } from '../http/json-refusal.js';
import type { JsonObject } from '../http/json-reader.js';
import { requestedFrom, type Surroundings } from '../run/call-request.js';
import type { RunBody } from '../run/run.schema.js';
import { jobMetadata, type JobAction } from './tasks.schema.js';

/** What a job's calls are made with. */
export type JobSurroundings = Pick<Surroundings, 'gateway' | 'caller' | 'hashKeys' | 'sealer'>;

/** A job as its metadata ask for it, before it has a lease. */
export interface WantedJob {
  readonly agent?: string;
  readonly runId: string;
  readonly dryRun: boolean;
  readonly actions: readonly JobAction[];
  readonly skipped: number;
}

/** Of a longer list the first ones (contract 3.2). */
const MOST_ACTIONS = 50;

/**
 * What the metadata of `POST /ai/run` with a key want done.
 *
 * @throws ContractError 403 for an agent that the key does not speak for, 422
 */
export function wantedJob(caller: Caller, key: string, metadata: JsonObject): WantedJob {
  const parsed = jobMetadata.safeParse(metadata);
  if (!parsed.success) throw invalid(wireIssues('body', parsed.error.issues, undefined).map(inMetadata));
  const { agent_id, run_id, dry_run, actions = [] } = parsed.data;
  if (actions.length > 0 && agent_id === undefined) throw invalid([issue('agent_id', 'missing', 'Field required')]);
  if (agent_id !== undefined) mustCover(caller, agent_id);
  return {
    ...(agent_id === undefined ? {} : { agent: agent_id }),
    runId: run_id ?? key,
    dryRun: isDryRun(dry_run),
    actions: actions.slice(0, MOST_ACTIONS),
    skipped: Math.max(0, actions.length - MOST_ACTIONS),
  };
}

const isDryRun = (flag: unknown): boolean => flag === true || flag === 1 || flag === 'true';

/** The job under a lease: each action is a call whose id is made of the lease and its place, the same whoever runs it (rule 18). */
export const jobOf = (wanted: WantedJob, leaseId: string, around: JobSurroundings): Job => ({
  ...namesOf(wanted),
  dryRun: wanted.dryRun,
  actions: callsOf(wanted).map((sent, place) => callOf(sent, actionCallId(leaseId, place), around)),
  skipped: wanted.skipped,
  ended: [],
});

/** A job that is only tried has nothing to do under its lease: what would happen is known before. */
export const triedJobOf = (wanted: WantedJob, ended: readonly EndedAction[]): Job => ({
  ...namesOf(wanted),
  dryRun: true,
  actions: [],
  skipped: wanted.skipped,
  ended: [...ended],
});

const namesOf = ({ runId, agent }: WantedJob): Pick<Job, 'runId' | 'agent'> => ({
  runId,
  ...(agent === undefined ? {} : { agent }),
});

/** The actions as calls of their own. */
export const callsOf = ({ agent = '', runId, actions }: WantedJob): readonly RunBody[] =>
  actions.map(({ tool, args, spend_usd }) => ({ agent_id: agent, tool, args, spend_usd, run_id: runId }));

export const actionCallId = (leaseId: string, place: number): string =>
  `call_${createHash('sha256').update(`${leaseId} ${place}`).digest('base64url').slice(0, 22)}`;

/** How long it waits is set when it begins. */
const callOf = (sent: RunBody, callId: string, around: JobSurroundings): RequestedCall =>
  requestedFrom(sent, { ...around, callId, waitUntil: 0, idempotencyKey: undefined, runIdIsArgument: false });

/** Metadata are echoed nowhere. */
const inMetadata = ({ loc: [, ...rest], ...one }: WireIssue): WireIssue => ({
  ...one,
  loc: ['body', 'metadata', ...rest],
  input: null,
});

const issue = (member: string, type: string, msg: string): WireIssue => ({
  type,
  loc: ['body', 'metadata', member],
  msg,
  input: null,
});
