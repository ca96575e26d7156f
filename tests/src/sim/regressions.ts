import { BUILT_REGRESSIONS } from './built-regressions.js';
import { GONE_ON } from './gone-on-regression.js';
import { CLIENT_REGRESSIONS } from './client-regressions.js';
import { OWNER_REGRESSIONS } from './owner-regressions.js';
import { QUIET } from './scenario.js';
import { STREAM_REGRESSIONS } from './stream-regressions.js';
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
    seed: 43,
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
          when: { plusMs: 1_500 },
          gateway: 0,
          wish: { callId: 'call-1', tenant: 'hooli', agent: 'bob', tool: 'pay', args: '2', keyId: 'key' },
        },
        {
          does: 'call',
          when: { plusMs: 6_400 },
          gateway: 0,
          wish: { callId: 'call-2', tenant: 'wayne', agent: 'bob', tool: 'pay', args: '2', keyId: 'key' },
        },
      ],
    },
  },
  GONE_ON,
  ...BUILT_REGRESSIONS,
  ...OWNER_REGRESSIONS,
  ...STREAM_REGRESSIONS,
  ...CLIENT_REGRESSIONS,
  ...WORK_REGRESSIONS,
];
