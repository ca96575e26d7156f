import { readFileSync } from 'node:fs';
import type { ServiceName } from '@tollgate/runtime';
import { eventually, Installation, type ServiceProcess } from '../harness/index.js';
import { expectEachCallEndedOnce, expectNothingDoneTwice } from './ended-once.js';
import { registerSlowTool, toldTo, underLoad } from './under-load.js';

/** Service → the point between two effects at which its first process meets its fate, and at which passing of it. */
type Points = Readonly<Record<ServiceName, string>>;

/** Together they are every point of every service; each time another one of each. */
const EVERY_POINT: readonly Points[] = [
  {
    policy: 'policy.before-append:18',
    lease: 'lease.after-append:24',
    budget: 'budget.after-effects:24',
    dispatcher: 'dispatch.before-send:60',
    gateway: 'gateway.call-accepted:55',
    audit: 'audit.postgres.before-commit:15',
  },
  {
    policy: 'policy.after-append:18',
    lease: 'lease.after-effects:24',
    budget: 'budget.before-append:24',
    dispatcher: 'dispatch.request-sent:60',
    gateway: 'gateway.call-accepted:65',
    audit: 'audit.postgres.stored:15',
  },
  {
    policy: 'policy.after-effects:18',
    lease: 'lease.before-append:24',
    budget: 'budget.after-append:24',
    dispatcher: 'dispatch.before-answer:60',
    gateway: 'gateway.call-accepted:45',
    audit: 'audit.redis.stored:15',
  },
  {
    policy: 'policy.before-decision:120',
    lease: 'lease.before-decision:120',
    budget: 'budget.before-decision:120',
    dispatcher: 'dispatch.before-append:40',
    gateway: 'gateway.call-accepted:80',
    audit: 'audit.decisions.stored:15',
  },
  {
    policy: 'policy.after-append:28',
    lease: 'lease.after-append:40',
    budget: 'budget.after-append:40',
    dispatcher: 'dispatch.after-append:40',
    gateway: 'gateway.call-accepted:70',
    audit: 'audit.postgres.stored:9',
  },
  {
    policy: 'policy.after-effects:28',
    lease: 'lease.after-effects:40',
    budget: 'budget.after-effects:40',
    dispatcher: 'dispatch.after-effects:40',
    gateway: 'gateway.call-accepted:75',
    audit: 'audit.postgres.before-commit:9',
  },
];

const STAGES = ['policy', 'lease', 'budget', 'dispatcher'] as const;

/**
 * What the simulation plays a million times, on real processes and a real broker, once for each point: all six services
 * die or stand still among calls, each at its point; others take over. The verdict must be the simulation's.
 */
describe('at every point between two effects', () => {
  let tollgate: Installation;
  let doomed: ServiceProcess[];
  afterEach(() => tollgate.stop(), 30_000);

  /** Those that own are the doomed ones; one process of everything stands by. */
  async function start(points: Points, fate: 'kill' | 'stop'): Promise<void> {
    tollgate = await Installation.start({ bare: true, env: { LOG_LEVEL: 'warn', TOLLGATE_WAIT_LIMIT_MS: '15000' } });
    doomed = await Promise.all(
      (Object.keys(points) as ServiceName[]).map((kind) =>
        tollgate.startProcess(kind, { TOLLGATE_FAULTS: `${points[kind]}=${fate}` }),
      ),
    );
    await tollgate.ready();
    await tollgate.startProcess('all');
    await registerSlowTool(tollgate, 'slow');
  }

  const takenOver = (): Promise<void> =>
    eventually(
      'the others own',
      () => STAGES.every((stage) => tollgate.owners(stage).some((one) => !doomed.includes(one))),
      30_000,
    );

  it.each(EVERY_POINT.map((points) => [Object.values(points).join(' '), points] as const))(
    'killed: %s',
    async (_all, points) => {
      await start(points, 'kill');
      const wishes = await underLoad(tollgate, 'slow', async () => {
        await eventually('everybody has met its fate', () => doomed.every(({ hasExited }) => hasExited), 30_000);
        await takenOver();
      });
      await expectEachCallEndedOnce(tollgate, toldTo(wishes));
      expectNothingDoneTwice(tollgate.tool.received);
    },
    120_000,
  );

  it.each(EVERY_POINT.map((points) => [Object.values(points).join(' '), points] as const))(
    'stopped until others have taken over: %s',
    async (_all, points) => {
      await start(points, 'stop');
      const wishes = await underLoad(tollgate, 'slow', async () => {
        await eventually('everybody has met its fate', () => doomed.every(standsStill), 30_000);
        await takenOver();
        for (const one of doomed) one.signal('SIGCONT');
      });
      await expectEachCallEndedOnce(tollgate, toldTo(wishes));
      expectNothingDoneTwice(tollgate.tool.received);
    },
    120_000,
  );
});

/** Linux says so in /proc; behind the name in parentheses stands the state. */
function standsStill({ child }: ServiceProcess): boolean {
  return readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ').at(-1)?.startsWith('T') ?? false;
}
