import { DEFAULT_PLANS, Plans } from '@tollgate/events';
import { emptyConfig } from '@tollgate/journal';
import { unavailable } from '../http/contract-error.js';
import { Features } from './features.js';
import { planOfTenants } from './plan-of.js';

/** A gateway that knows of one plan, and reads of another, or cannot read. */
function features(known: string, newest?: string): Features {
  const state = emptyConfig();
  const is = (plan: string) =>
    state.tenants.set('acme', { value: { id: 'acme', name: 'acme', at: 0, plan }, seq: 1, tenant: 'acme' });
  is(known);
  const readToEnd = async () => {
    if (newest === undefined) throw unavailable('no bus');
    is(newest);
  };
  return new Features({ readToEnd }, planOfTenants(new Plans(DEFAULT_PLANS, 'unlimited'), { state }));
}

describe('contract 9: a feature that only some plans have', () => {
  const refused = { status: 403, detail: { error: 'feature_not_available', message: expect.stringContaining('free') } };

  it.each([
    ['was raised a moment ago', features('free', 'pro')],
    ['is there, and nobody can be asked', features('pro')],
    ['is the default', features('none of these', 'none of these')],
  ])('lets pass where the plan %s', async (_when, of) => {
    expect(await of.mustHave('acme', 'agents')).toBeUndefined();
  });

  it('is refused by the newest plan, also where another is known here', async () => {
    await expect(features('pro', 'free').mustHave('acme', 'agents')).rejects.toMatchObject(refused);
    await expect(features('free', 'free').mustHave('acme', 'pricing')).rejects.toMatchObject(refused);
  });

  it('is not refused by a plan that cannot be looked at again: 503', async () => {
    await expect(features('free').mustHave('acme', 'agents')).rejects.toMatchObject({ status: 503 });
  });
});
