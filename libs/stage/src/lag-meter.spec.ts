import type { LagMeterOptions } from './lag-meter.js';
import { LagMeter } from './lag-meter.js';
import { Looks } from './looks.js';

const ENDS: Readonly<Record<string, number>> = { 'POLICY-0': 12, CONFIG: 7, 'CALLS-0 lock': 5 };

describe('the lag of an owner', () => {
  let measured: Record<string, number>;
  let again: (() => void) | undefined;
  let looks: Looks;
  let meter: LagMeter;
  beforeEach(() => {
    measured = {};
    again = undefined;
    looks = new Looks();
    const options = {
      bus: {
        endOf: (stream: string) => Promise.resolve(ENDS[stream]),
        endOfSubject: (stream: string, subject: string) => Promise.resolve(ENDS[`${stream} ${subject}`]),
      },
      clock: { after: (_ms: number, work: () => void) => ((again = work), () => (again = undefined)) },
      observer: { lag: (source: string, _partition: number, messages: number) => void (measured[source] = messages) },
      partition: 0,
      sources: [
        { source: { name: 'policy' }, stream: 'POLICY-0', subject: undefined },
        { source: { name: 'calls' }, stream: 'CALLS-0', subject: 'lock' },
      ],
      looks,
      configSeq: () => 4,
    };
    meter = new LagMeter(options as unknown as LagMeterOptions);
  });

  const measure = async (): Promise<void> => {
    if (again === undefined) meter.start();
    else again();
    await new Promise(setImmediate);
  };

  it('is what lies between what is decided and the end of each source, CONFIG among them', async () => {
    looks.passed('policy', 10);
    await measure();
    expect(measured).toEqual({ policy: 2, calls: 5, config: 3 });
  });

  it('is measured again while nothing arrives, and is never negative', async () => {
    await measure();
    looks.passed('policy', 13);
    await measure();
    expect(measured['policy']).toBe(0);
  });

  it('is measured no more when the owner has stopped', async () => {
    await measure();
    meter.stop();
    expect(again).toBeUndefined();
  });
});
