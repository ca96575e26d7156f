import { firstWelcome } from './welcome.js';

const base = 'http://127.0.0.1:8080';

describe('the first welcome', () => {
  it('shows both keys and a call that can be pasted', () => {
    const text = firstWelcome({ base, agentKey: 'tg_live_agent', adminKey: 'tg_live_admin' });
    expect(text).toContain('admin key   tg_live_admin');
    expect(text).toContain(`curl -s ${base}/v1/ai/run`);
    expect(text).toContain("-H 'Authorization: Bearer tg_live_agent'");
  });

  it('does not repeat an admin key that the person chose', () => {
    expect(firstWelcome({ base, agentKey: 'tg_live_agent', adminKey: undefined })).not.toContain('admin key');
  });
});
