import type { AddressRule } from '@tollgate/events';

/** Where tools may live, from the settings. */
export type ToolAddresses = AddressRule;
export const TOOL_ADDRESSES = Symbol('where tools may live');
