import { tenantChanged, type TenantDocument } from '@tollgate/events';
import type { ConfigState } from '@tollgate/journal';
import type { Caller } from '../auth/caller.js';
import type { Edit } from '../config/config-edits.js';
import type { NotificationsBody } from './account.schema.js';

export type Notifications = NonNullable<TenantDocument['notifications']>;

/** Nobody has asked to be told anything. */
const NONE: Notifications = { email: false, toolError: false, runFailure: false };

export const notificationsOf = (tenant: TenantDocument | undefined): Notifications => tenant?.notifications ?? NONE;

/** What is not sent stays as it is; the first alone is all three (contract section 7). */
export function changed(before: Notifications, sent: NotificationsBody): Notifications {
  const { email_notifications_enabled: email, tool_error_notifications_enabled: toolError } = sent;
  const { run_failure_notifications_enabled: runFailure } = sent;
  if (email !== undefined && toolError === undefined && runFailure === undefined)
    return { email, toolError: email, runFailure: email };
  return {
    email: email ?? before.email,
    toolError: toolError ?? before.toolError,
    runFailure: runFailure ?? before.runFailure,
  };
}

/** Stored with the tenant; a tenant that nobody ever wrote down begins with its name. */
export function notificationsEdit(
  state: ConfigState,
  { tenant, keyId }: Pick<Caller, 'tenant' | 'keyId'>,
  sent: NotificationsBody,
  now: number,
  trace?: string,
): Edit<Notifications> {
  const entry = state.tenants.get(tenant);
  const before = notificationsOf(entry?.value);
  const after = changed(before, sent);
  const document: TenantDocument = { ...(entry?.value ?? { id: tenant, name: tenant, at: now }), notifications: after };
  const isSame = JSON.stringify(notificationsOf(entry?.value)) === JSON.stringify(after);
  const change = isSame ? undefined : tenantChanged.draft(tenant, { by: keyId, tenant: document }, trace);
  return { seq: entry?.seq ?? 0, change, outcome: after };
}

export const wireNotifications = ({ email, toolError, runFailure }: Notifications) => ({
  email_notifications_enabled: email,
  tool_error_notifications_enabled: toolError,
  run_failure_notifications_enabled: runFailure,
});
