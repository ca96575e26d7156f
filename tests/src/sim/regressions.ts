import { BUILT_REGRESSIONS } from './built-regressions.js';
import { GONE_ON } from './gone-on-regression.js';
import { CLIENT_REGRESSIONS } from './client-regressions.js';
import { OWNER_REGRESSIONS } from './owner-regressions.js';
import { QUIET } from './scenario.js';
import { WORK_REGRESSIONS } from './work-regressions.js';
import type { Setting } from './simulation.js';

/** A run that once broke a guarantee, made as short as it could be: what it found is mended, and stays so. */
export interface Regression {
  readonly what: string;
  readonly rule: number;
  /** The code as it was: with this rule left out the run must break again, or it keeps nothing. */
  readonly mutant?: string;
  /** Of the chances that are not part of the setting: the network, the tools. */
  readonly seed: number;
  readonly setting: Setting;
}

export const REGRESSIONS: readonly Regression[] = [
  {
    what: 'a machine whose clock is off claimed again at once, for ever, and no healthy standby ever owned',
    rule: 4,
    mutant: 'a machine whose clock is off claims again at once',
    seed: 5,
    setting: {
      scenario: {
        ...QUIET,
        partitions: 1,
        tenants: ['hooli'],
        agents: ['ann'],
        tools: [
          { name: 'pay', onUnknown: 'fail', maxRetries: 0, timeoutMs: 1000, dedupWindowSec: 86400 },
          { name: 'mail', onUnknown: 'retry', maxRetries: 2, timeoutMs: 250, dedupWindowSec: 86400 },
        ],
        args: ['1'],
        audits: 0,
        copies: 2,
        chaosMs: 3003,
        waitLimitMs: 3000,
        callDeadlineMs: 900000,
        batchSize: 400000,
        month: false,
        caps: {},
        price: 10,
        weather: { usualMs: 15, rareMs: 15, loseRequest: 0, loseAck: 0, late: 0, twice: 0 },
        mood: 'kind',
        clocks: { offMs: 0, drift: 0 },
      },
      actions: [
        {
          does: 'call',
          when: { plusMs: 2137.6016522829887 },
          gateway: 1,
          wish: { callId: 'call-7', tenant: 'hooli', agent: 'ann', tool: 'pay', args: '1', keyId: 'spare key' },
        },
        {
          does: 'cut off',
          when: { point: { stage: 'dispatch', name: 'before-append', nth: 2 }, plusMs: 0 },
          whom: { stage: 'dispatch', partition: 0, who: 'owner' },
        },
        {
          does: 'set clock',
          when: { point: { stage: 'dispatch', name: 'before-append', nth: 2 }, plusMs: 188.73184733092785 },
          whom: { stage: 'dispatch', partition: 0, who: 'owner' },
          byMs: -60000,
        },
      ],
    },
  },
  {
    what: 'disabled_at lay before the stamp of a request that had left, because the clock was set back between',
    rule: 12,
    mutant: 'disabled_at may lie before what the journal says',
    seed: 211,
    setting: {
      scenario: {
        ...QUIET,
        partitions: 1,
        tenants: ['hooli'],
        agents: ['ann'],
        tools: [{ name: 'pay', onUnknown: 'hold', maxRetries: 2, timeoutMs: 8000, dedupWindowSec: 86400 }],
        args: ['1'],
        audits: 0,
        copies: 2,
        chaosMs: 5693,
        waitLimitMs: 3000,
        callDeadlineMs: 900000,
        batchSize: 400000,
        month: false,
        caps: {},
        price: 10,
        weather: { usualMs: 1, rareMs: 1, loseRequest: 0, loseAck: 0.01, late: 0, twice: 0 },
        mood: 'kind',
        clocks: { offMs: 900, drift: 0.0005 },
      },
      actions: [
        {
          does: 'call',
          when: { plusMs: 2511.206557712285 },
          gateway: 0,
          wish: { callId: 'call-5', tenant: 'hooli', agent: 'ann', tool: 'pay', args: '1', keyId: 'key' },
        },
        {
          does: 'pause gateway',
          place: 0,
          forMs: 601.8652650527656,
          when: { point: { stage: 'lease', name: 'before-append', nth: 1 }, plusMs: 0 },
        },
        {
          does: 'pause gateway',
          place: 1,
          forMs: 426.1399507522583,
          when: { point: { stage: 'lease', name: 'before-append', nth: 1 }, plusMs: 0 },
        },
        {
          does: 'disable',
          when: { point: { stage: 'lease', name: 'before-append', nth: 1 }, plusMs: 5.8742519887164235 },
          tenant: 'hooli',
          agent: 'ann',
          gateway: 1,
          forMs: 6586,
        },
      ],
    },
  },
  {
    what: 'a call that rested lay until its deadline, because the clock was set back within its bound meanwhile',
    rule: 10,
    mutant: 'a call that rests is left lying when the clock is set back',
    seed: 647,
    setting: {
      scenario: {
        ...QUIET,
        partitions: 1,
        tenants: ['hooli', 'wayne'],
        agents: ['ann', 'bob'],
        tools: [{ name: 'pay', onUnknown: 'hold', maxRetries: 2, timeoutMs: 1000, dedupWindowSec: 86400 }],
        args: ['1', '2'],
        audits: 0,
        copies: 2,
        chaosMs: 13448,
        waitLimitMs: 300,
        callDeadlineMs: 900000,
        batchSize: 400000,
        month: false,
        caps: { maxActionsPerHour: 1, maxCallsPerTool: 1 },
        price: 10,
        weather: { usualMs: 15, rareMs: 15, loseRequest: 0.04, loseAck: 0.06, late: 0, twice: 0 },
        mood: 'refuses',
        clocks: { offMs: 900, drift: 0 },
      },
      actions: [
        {
          does: 'call',
          when: { plusMs: 1548.1018411386758 },
          gateway: 0,
          wish: { callId: 'call-5', tenant: 'hooli', agent: 'bob', tool: 'pay', args: '2', keyId: 'key' },
        },
        {
          does: 'call',
          when: { plusMs: 3339.8547420687973 },
          gateway: 0,
          wish: { callId: 'call-6', tenant: 'hooli', agent: 'ann', tool: 'pay', args: '2', keyId: 'key' },
        },
        {
          does: 'call',
          when: { plusMs: 4521.673004509881 },
          gateway: 0,
          wish: { callId: 'call-7', tenant: 'hooli', agent: 'ann', tool: 'pay', args: '2', keyId: 'key' },
        },
        {
          does: 'call',
          when: { plusMs: 4514.220754543319 },
          gateway: 0,
          wish: { callId: 'call-8', tenant: 'wayne', agent: 'ann', tool: 'pay', args: '1', keyId: 'key' },
        },
        {
          does: 'pause',
          when: { point: { stage: 'dispatch', name: 'after-append', nth: 4 }, plusMs: 0 },
          whom: { stage: 'dispatch', partition: 0, who: 'owner' },
          forMs: 448,
          clock: 'suspended',
        },
        {
          does: 'usurp',
          when: { point: { stage: 'dispatch', name: 'after-append', nth: 4 }, plusMs: 11.935185664333403 },
          stage: 'dispatch',
          partition: 0,
        },
        {
          does: 'disable',
          when: { point: { stage: 'dispatch', name: 'after-append', nth: 4 }, plusMs: 396.9262497033924 },
          tenant: 'wayne',
          agent: 'ann',
          gateway: 0,
          forMs: 10000,
        },
        {
          does: 'call',
          when: { plusMs: 3826.718672690913 },
          gateway: 1,
          wish: { callId: 'call-9', tenant: 'wayne', agent: 'bob', tool: 'pay', args: '1', keyId: 'spare key' },
        },
        {
          does: 'call',
          when: { plusMs: 6397.932809816673 },
          gateway: 0,
          wish: { callId: 'call-10', tenant: 'wayne', agent: 'bob', tool: 'pay', args: '2', keyId: 'key' },
        },
        {
          does: 'call',
          when: { plusMs: 6840.573086224496 },
          gateway: 1,
          wish: { callId: 'call-11', tenant: 'wayne', agent: 'bob', tool: 'pay', args: '1', keyId: 'key' },
        },
        {
          does: 'call',
          when: { point: { stage: 'dispatch', name: 'before-decision', nth: 11 }, plusMs: 0 },
          gateway: 1,
          wish: { callId: 'call-13', tenant: 'hooli', agent: 'bob', tool: 'pay', args: '2', keyId: 'key' },
        },
        {
          does: 'call',
          when: { point: { stage: 'dispatch', name: 'before-decision', nth: 11 }, plusMs: 0 },
          gateway: 1,
          wish: { callId: 'call-14', tenant: 'wayne', agent: 'bob', tool: 'pay', args: '1', keyId: 'key' },
        },
        {
          does: 'call',
          when: { point: { stage: 'dispatch', name: 'before-decision', nth: 11 }, plusMs: 2863.671563565731 },
          gateway: 1,
          wish: { callId: 'call-15', tenant: 'hooli', agent: 'bob', tool: 'pay', args: '2', keyId: 'spare key' },
        },
        {
          does: 'call',
          when: { point: { stage: 'dispatch', name: 'before-decision', nth: 11 }, plusMs: 4283.259693766013 },
          gateway: 1,
          wish: { callId: 'call-16', tenant: 'hooli', agent: 'bob', tool: 'pay', args: '2', keyId: 'spare key' },
        },
        {
          does: 'call',
          when: { point: { stage: 'dispatch', name: 'before-decision', nth: 11 }, plusMs: 386.003814637661 },
          gateway: 1,
          wish: { callId: 'call-17', tenant: 'wayne', agent: 'bob', tool: 'pay', args: '2', keyId: 'key' },
        },
        {
          does: 'call',
          when: { point: { stage: 'dispatch', name: 'before-decision', nth: 11 }, plusMs: 2221.860080258921 },
          gateway: 0,
          wish: { callId: 'call-18', tenant: 'wayne', agent: 'bob', tool: 'pay', args: '2', keyId: 'key' },
        },
        {
          does: 'call',
          when: { point: { stage: 'dispatch', name: 'before-decision', nth: 11 }, plusMs: 1513.5063296183944 },
          gateway: 1,
          wish: { callId: 'call-19', tenant: 'wayne', agent: 'ann', tool: 'pay', args: '1', keyId: 'key' },
        },
        {
          does: 'call',
          when: { point: { stage: 'dispatch', name: 'before-decision', nth: 11 }, plusMs: 3153.847134206444 },
          gateway: 0,
          wish: { callId: 'call-20', tenant: 'wayne', agent: 'ann', tool: 'pay', args: '1', keyId: 'key' },
        },
        {
          does: 'shut down',
          when: { plusMs: 11333.219208208844 },
          whom: { stage: 'dispatch', partition: 0, who: 'owner' },
          downMs: 1694.4523314014077,
        },
        { does: 'restart broker', when: { plusMs: 11710.035624368116 } },
        {
          does: 'shut down',
          when: { plusMs: 9821.902733381838 },
          whom: { stage: 'dispatch', partition: 0, who: 'owner' },
          downMs: 417.58806677535176,
        },
      ],
    },
  },
  GONE_ON,
  ...BUILT_REGRESSIONS,
  ...OWNER_REGRESSIONS,
  ...CLIENT_REGRESSIONS,
  ...WORK_REGRESSIONS,
];
