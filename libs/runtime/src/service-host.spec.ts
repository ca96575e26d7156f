import { HEALTHY } from './health.js';
import { createLogger } from './logging.js';
import { startServices } from './service-host.js';
import type { RunningService, ServiceContext, ServiceDefinition, ServiceName } from './service.js';
import type { Settings } from './settings.js';

const context: ServiceContext = {
  settings: {} as Settings,
  logger: createLogger({ level: 'silent' }),
  instance: 'i1',
};

function recording(journal: string[]) {
  return (name: ServiceName, own: Partial<RunningService> = {}): ServiceDefinition => ({
    name,
    start: () =>
      Promise.resolve({
        name,
        health: () => Promise.resolve(HEALTHY),
        stop: () => {
          journal.push(`${name} stopped`);
          return Promise.resolve();
        },
        ...own,
      }),
  });
}

describe('services in one process', () => {
  it('are stopped in the order of their definition, also when one fails to', async () => {
    const journal: string[] = [];
    const service = recording(journal);
    const failing = service('policy', { stop: () => Promise.reject(new Error('stuck')) });
    const host = await startServices([service('gateway'), failing, service('lease')], context);
    await host.stop();
    expect(journal).toEqual(['gateway stopped', 'lease stopped']);
  });

  it('are stopped again when one of them cannot start', async () => {
    const journal: string[] = [];
    const broken: ServiceDefinition = { name: 'budget', start: () => Promise.reject(new Error('no bus')) };
    await expect(startServices([recording(journal)('policy'), broken], context)).rejects.toThrow('no bus');
    expect(journal).toEqual(['policy stopped']);
  });

  it('say where they listen and what they own', async () => {
    const service = recording([]);
    const host = await startServices(
      [service('gateway', { address: () => 'http://127.0.0.1:1' }), service('lease', { owns: () => [0, 2] })],
      context,
    );
    expect(host.status()).toEqual([
      { name: 'gateway', address: 'http://127.0.0.1:1' },
      { name: 'lease', owns: [0, 2] },
    ]);
  });

  it('are as ready as the least ready, and not at all while one is starting', async () => {
    const started = Promise.withResolvers<RunningService>();
    const late: ServiceDefinition = { name: 'audit', start: () => started.promise };
    let processHealth: ServiceContext['processHealth'];
    const curious: ServiceDefinition = {
      name: 'gateway',
      start: (given) => {
        processHealth = given.processHealth;
        return recording([])('gateway').start(given);
      },
    };
    const starting = startServices([curious, late], context);
    expect(await processHealth?.()).toMatchObject({ ready: false });
    started.resolve(await recording([])('audit').start(context));
    expect(await (await starting).health()).toEqual(HEALTHY);
  });

  it('end together when one ends by itself', async () => {
    const ended = Promise.withResolvers<unknown>();
    const host = await startServices([recording([])('lease', { ended: ended.promise })], context);
    ended.resolve('fold failed');
    await expect(host.ended).resolves.toBe('fold failed');
  });
});
