import { createHmac } from 'node:crypto';
import { freePort } from '../servers/index.js';
import { startSampleTool } from './sample-tool.js';
import type { SampleTool } from './sample-tool.js';

describe('the sample tool', () => {
  const secret = 'a secret of the tool';
  let port: number;
  let tool: SampleTool;
  beforeEach(async () => {
    port = await freePort();
    tool = await startSampleTool({ port, secret });
  });
  afterEach(() => tool.stop());

  const post = (body: string, signature: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/charge`, {
      method: 'POST',
      body,
      headers: { 'x-onceonly-signature': signature },
    });

  it('does what a signed request asks, and counts it', async () => {
    const body = JSON.stringify({ args: { amount_usd: 12 } });
    const answer = await post(body, createHmac('sha256', secret).update(body).digest('hex'));
    expect(await answer.json()).toMatchObject({ amount_usd: 12, calls_of_this_tool: 1 });
    expect(tool.calls()).toBe(1);
  });

  it('refuses one that is not signed with its secret, and does not count it', async () => {
    expect((await post('{}', createHmac('sha256', 'another').update('{}').digest('hex'))).status).toBe(401);
    expect((await post('{}', 'nonsense')).status).toBe(401);
    expect(tool.calls()).toBe(0);
  });
});
