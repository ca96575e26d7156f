import type { Plan } from '@tollgate/events';
import type { ConfigState } from '@tollgate/journal';
import { toolLimit } from '../http/contract-error.js';

/** @throws ContractError 403 where one more tool would be more than the plan allows, in all scopes (contract section 9) */
export function mustHaveRoom({ name, maxTools }: Plan, state: ConfigState, tenant: string): void {
  const registered = [...state.tools.values()].filter((entry) => entry.tenant === tenant && entry.value !== undefined);
  if (registered.length >= maxTools) throw toolLimit(name, maxTools);
}
