import { emptyConfig, foldConfig } from '@tollgate/journal';
import { finish, tenantCreated, type Draft } from '@tollgate/events';
import { changed, notificationsEdit, notificationsOf } from './notifications.js';

const NONE = { email: false, toolError: false, runFailure: false };
const caller = { tenant: 'acme', keyId: 'key_1' };
const folded = (...drafts: readonly Draft[]) =>
  drafts.reduce((state, draft, at) => foldConfig(state, at + 1, finish(draft, 0, 0)), emptyConfig());
const created = tenantCreated.draft('acme', { by: '-', id: 'acme', name: 'Acme', at: 5 });

describe('what a tenant wants to be told (contract section 7)', () => {
  it('the first alone is all three, beside others it is itself', () => {
    expect(changed(NONE, { email_notifications_enabled: true })).toEqual({
      email: true,
      toolError: true,
      runFailure: true,
    });
    const two = { email_notifications_enabled: true, run_failure_notifications_enabled: false };
    expect(changed(NONE, two)).toEqual({ ...NONE, email: true });
  });

  it('is stored with the tenant, by the key that changed it, from what the tenant was', () => {
    const { seq, change, outcome } = notificationsEdit(
      folded(created),
      caller,
      { tool_error_notifications_enabled: true },
      9,
    );
    const notifications = { ...NONE, toolError: true };
    expect([seq, outcome]).toEqual([1, notifications]);
    expect(change?.data).toEqual({ by: 'key_1', tenant: { id: 'acme', name: 'Acme', at: 5, notifications } });
    const after = folded(created, change!);
    expect(notificationsOf(after.tenants.get('acme')?.value)).toEqual(notifications);
  });

  it('the same again changes nothing', () => {
    expect(
      notificationsEdit(folded(created), caller, { email_notifications_enabled: false }, 9).change,
    ).toBeUndefined();
  });

  it('is stored for a tenant that nobody has written down, too', () => {
    const { seq, change } = notificationsEdit(emptyConfig(), caller, { email_notifications_enabled: true }, 9);
    expect([seq, change?.data]).toMatchObject([0, { tenant: { id: 'acme', name: 'acme', at: 9 } }]);
  });
});
