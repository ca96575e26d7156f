import type { EndedCall } from './ended-call.js';
import { untilEnded } from './until-ended.js';

const ended: EndedCall = {
  call: { callId: 'c', runId: 'r', argsHash: 'h' },
  outcome: { decision: 'executed', reason: 'ok', spend: 0 },
  result: undefined,
  resolved: false,
};
const never = new Promise<undefined>(() => undefined);
const nothing = () => Promise.resolve(undefined);

describe('waiting for the end of a call', () => {
  it('hears it', async () => {
    expect(await untilEnded({ heard: Promise.resolve(ended) }, nothing, Date.now() + 1_000)).toBe(ended);
  });

  it('looks up what it does not hear', async () => {
    let looks = 0;
    const found = await untilEnded(
      { heard: never },
      async () => ((looks += 1) === 3 ? ended : undefined),
      Date.now() + 5_000,
      5,
    );
    expect([found, looks]).toEqual([ended, 3]);
  });

  it('looks once more at the limit, then knows nothing', async () => {
    let looks = 0;
    const found = await untilEnded({ heard: never }, async () => void (looks += 1), Date.now() + 20, 1_000);
    expect([found, looks]).toEqual([undefined, 1]);
  });

  it('ends early when the gateway stops', async () => {
    expect(await untilEnded({ heard: Promise.resolve(undefined) }, nothing, Date.now() + 60_000)).toBeUndefined();
  });
});
