import {
  commandRefused,
  type Command,
  type CommandRefusal,
  type commandRequested,
  type DataOf,
  type Draft,
  type PayloadPlace,
  type Plan,
  type Reply,
  type Task,
} from '@tollgate/events';
import type { LeaseState } from '../lease.state.js';

/** A command, and everything that decides it. */
export interface Asked {
  readonly state: LeaseState;
  readonly tenant: string;
  readonly plan: Plan;
  readonly now: number;
  readonly reply: Reply;
  readonly repeatHash: string | undefined;
  /** The whole command, to be decided again after a look at what was given back. */
  readonly whole: DataOf<typeof commandRequested>;
  readonly looked: boolean;
  /** Where the command lies, so that a large result can be pointed at. */
  readonly place: PayloadPlace | undefined;
}

/** As an answer that changes nothing shows it: without what its job is to do, which may be large. */
export const shown = (task: Task): Task =>
  task.job === undefined ? task : { ...task, job: { ...task.job, actions: [] } };

export const refused = (
  { tenant, reply }: Asked,
  { key, does }: Pick<Command, 'key' | 'does'>,
  why: CommandRefusal,
): readonly Draft[] => [commandRefused.draft(tenant, { key, does, why, reply })];
