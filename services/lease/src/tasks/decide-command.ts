import { type Command, type commandRequested, type DataOf, type Draft, type PayloadPlace } from '@tollgate/events';
import { keyIsValid, type ConfigState, type KeyEntry } from '@tollgate/journal';
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
  /** Where the command lies, so that a large result can be pointed at. */
  readonly place: PayloadPlace | undefined;
  /** What was given back until now is known: a refusal for want of credits is final (rule 11). */
  readonly looked?: boolean;
}

/** A command of a caller; one that was decided already, because CALLS holds it twice, is nothing new (rule 3). */
export function decideCommand(
  state: LeaseState,
  tenant: string,
  data: DataOf<typeof commandRequested>,
  { config, planOf, now, stampMs, place, looked = false }: Surroundings,
): readonly Draft[] {
  const { commandId, gateway, keyId, repeatHash, command } = data;
  if (state.tasks.commands.has(commandId) || (!looked && state.checking.has(commandId))) return [];
  const reply = { commandId, gateway, stampMs };
  const asked: Asked = { state, tenant, plan: planOf(tenant), now, reply, repeatHash, place, whole: data, looked };
  if (!mayAsk(config.keys.get(keyId), tenant, command, stampMs)) return refused(asked, command, 'invalid_api_key');
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

/** The gateway has looked, too; but a key may have been revoked since, and this stage is told before that is answered (rule 12). */
const mayAsk = (key: KeyEntry | undefined, tenant: string, { does }: Command, askedAt: number): boolean =>
  keyIsValid(key, askedAt) && key.tenant === tenant && (does !== 'reset' || key.value.role === 'admin');
