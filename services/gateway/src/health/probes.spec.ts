import { setTimeout as pause } from 'node:timers/promises';
import { Probes } from './probes.js';

const fine = () => Promise.resolve();
const silent = () => new Promise(() => undefined);
const broken = () => Promise.reject(new Error('refused'));

async function reportOf(nats: () => Promise<unknown>, redis: () => Promise<unknown>) {
  const probes = new Probes({ nats, redis });
  probes.start();
  await pause(1_200);
  probes.stop();
  return probes.report();
}

describe('probing', () => {
  it('everything answers: ready', async () => {
    expect(await reportOf(fine, fine)).toEqual({ ready: true, degraded: false, missing: [] });
  });

  it('a server that is stopped is named within its time', async () => {
    expect(await reportOf(fine, silent)).toEqual({ ready: true, degraded: true, missing: ['redis'] });
  });

  it('without the journals it is not ready', async () => {
    expect(await reportOf(broken, broken)).toEqual({ ready: false, degraded: true, missing: ['nats', 'redis'] });
  });
});
