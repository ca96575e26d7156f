import type { TollgateEvent } from '@tollgate/events';
import { ContractError } from '@tollgate/gateway';
import { errorOf } from '../askers.js';
import type { Entry } from '../journal-record.js';
import type { AskedAbout } from '../sim-workers.js';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** Each command in CALLS is answered in LEASE, once (rule 3), and whoever asked is told what stands there (rule 2). */
export function commandsAreAnswered(simulation: Simulation): Violation[] {
  const replies = Map.groupBy(simulation.record.entries.filter(isReply), commandIdOf);
  return [
    ...answeredOnce(simulation, replies),
    ...simulation.workers.asked.flatMap((asked) => toldTruth(asked, replies, simulation)),
    ...(simulation.workers.areQuiet ? [] : [{ guarantee: 'G2', what: 'somebody who leases asks for ever' }]),
  ];
}

type Replies = ReadonlyMap<string, readonly Entry[]>;

const isReply = ({ event: { data } }: Entry): boolean => 'reply' in data && data.reply !== undefined;
const commandIdOf = ({ event: { data } }: Entry): string => (data as { reply: { commandId: string } }).reply.commandId;

function answeredOnce({ record }: Simulation, replies: Replies): Violation[] {
  return [...record.commands.keys()].flatMap((commandId) => {
    const times = replies.get(commandId)?.length ?? 0;
    return times === 1 ? [] : [{ guarantee: 'rule 3', what: `${commandId} was answered ${times} times` }];
  });
}

function toldTruth(asked: AskedAbout, replies: Replies, { chaos }: Simulation): Violation[] {
  const { name, told, ask, tenant, keyId } = asked;
  if (told === undefined || ask.does === 'status') return [];
  const wrong = (what: string): Violation[] => [
    { guarantee: 'rule 2', what: `${name} (${ask.does}) was told ${what}` },
  ];
  const reply = replies.get(`cmd_${name}`)?.find(({ at }) => at <= asked.answeredAt);
  if (told instanceof ContractError) {
    if (told.status === 503) return [];
    if (told.status === 403 && reply === undefined)
      return chaos.revokedKeys.has(`${tenant} ${keyId}`) ? [] : wrong('that a good key is none');
    return refusalIn(reply) === refusalOf(told) ? [] : wrong(`${errorOf(told)}, which no journal says`);
  }
  if (reply === undefined) return wrong('what no journal says');
  const { status, version } = told;
  return [
    ...(statusesIn(reply.event).includes(String(status)) ? [] : wrong(`${String(status)} by ${reply.event.type}`)),
    ...(version === undefined || version === versionIn(reply.event) ? [] : wrong(`version ${String(version)}`)),
    ...((told['lease_id'] ?? undefined) === leaseIn(reply.event) ? [] : wrong('whose lease it is')),
  ];
}

const refusalIn = (reply: Entry | undefined): string | undefined =>
  reply?.event.type === 'command-refused' ? reply.event.data.why : undefined;
const refusalOf = (told: ContractError): string =>
  typeof told.detail === 'string' ? 'invalid_api_key' : errorOf(told);

/** The lease_id is for whoever holds the key by this very answer. */
function leaseIn({ type, data }: TollgateEvent): string | undefined {
  if (type === 'task-acquired' || (type === 'task-polled' && 'asHolder' in data && data.asHolder === true))
    return (data as { task: { leaseId: string } }).task.leaseId;
  return undefined;
}
const versionIn = ({ data }: TollgateEvent): number | undefined =>
  'task' in data && data.task !== undefined ? data.task.version : undefined;

/** How an answer is called that stands in the journal as this. */
function statusesIn(event: TollgateEvent): readonly string[] {
  switch (event.type) {
    case 'lock-taken':
      return ['locked'];
    case 'lock-repeated':
      return ['duplicate'];
    case 'task-extended':
      return ['extended'];
    case 'task-reset':
      return ['reset'];
    case 'task-acquired':
      return ['acquired'];
    case 'task-polled':
      if (event.data.asHolder === true) return ['acquired'];
      return event.data.task.state.is === 'in_progress' ? ['polling'] : [event.data.task.state.is];
    case 'task-completed':
    case 'task-failed':
    case 'task-canceled':
    case 'task-answered':
      return [event.data.task.state.is];
    default:
      return [];
  }
}
