import { type commandRequested, type DataOf, type Draft, type PayloadPlace } from '@tollgate/events';
import { keyIsValid, type ConfigState } from '@tollgate/journal';
import type { LeaseState } from '../lease.state.js';
import type { PlanOf } from '../settle.js';
import { refused, type Asked } from './asked.js';
import { decideHolder, decideReset } from './decide-holder.js';
import { decideLease } from './decide-lease.js';
import { decideLock } from './decide-lock.js';

/** What the decision goes by besides the state. */
export interface Surroundings {
  readonly config: ConfigState;
  readonly planOf: PlanOf;
  readonly now: number;
  /** The broker's stamp, by which a key is good or not. */
  readonly stampMs: number;
  /** What was given back until now is known: a refusal for want of credits is final (rule 11). */
  readonly looked?: boolean;
  /** Where the command lies. */
  readonly place?: PayloadPlace | undefined;
}

/** A command of a caller; one that was decided already, because CALLS holds it twice, is nothing new (rule 3). */
export function decideCommand(
  state: LeaseState,
  tenant: string,
  data: DataOf<typeof commandRequested>,
  { config, planOf, now, stampMs, looked = false, place }: Surroundings,
): readonly Draft[] {
  const { commandId, gateway, keyId, repeatHash, command } = data;
  if (state.tasks.commands.has(commandId)) return [];
  const reply = { commandId, gateway };
  const asked: Asked = { state, tenant, plan: planOf(tenant), now, reply, repeatHash, whole: data, looked, place };
  if (!keyIsValid(config.keys.get(keyId), stampMs)) return refused(asked, command, 'invalid_api_key');
  switch (command.does) {
    case 'lock':
      return decideLock(asked, command.key, command.ttlSec);
    case 'lease':
      return decideLease(asked, command);
    case 'reset':
      return decideReset(asked, command);
    case 'extend':
    case 'complete':
    case 'fail':
    case 'cancel':
      return decideHolder(asked, command);
  }
}
