import type { Action } from './action.js';
import type { Regression } from './regressions.js';
import { QUIET, type Scenario } from './scenario.js';

/** One stage, agent and tool of each kind, in good weather. */
export const PLAIN: Scenario = {
  partitions: 1,
  tenants: ['hooli'],
  agents: ['ann'],
  tools: [{ name: 'pay', onUnknown: 'hold', maxRetries: 0, timeoutMs: 250, dedupWindowSec: 86_400 }],
  args: ['1'],
  audits: 0,
  copies: 1,
  chaosMs: 9_000,
  waitLimitMs: 300,
  callDeadlineMs: 12_000,
  batchSize: 400_000,
  ...QUIET,
  month: false,
  caps: {},
  price: 10,
  weather: { usualMs: 1, rareMs: 1, loseRequest: 0, loseAck: 0, late: 0, twice: 0 },
  mood: 'silent',
  clocks: { offMs: 0, drift: 0 },
};

export const call = (n: number, plusMs: number): Extract<Action, { does: 'call' }> => ({
  does: 'call',
  when: { plusMs },
  gateway: 0,
  wish: { callId: `call-${n}`, tenant: 'hooli', agent: 'ann', tool: 'pay', args: '1', keyId: 'key' },
});

/** The broker loses the last messages of journals, or their first, while everybody is cut off. */
export const cutBack = (
  plusMs: number,
  drops: Extract<Action, { does: 'cut back' }>['drops'],
  front = false,
): Extract<Action, { does: 'cut back' }> => ({
  does: 'cut back',
  when: { plusMs },
  partition: 0,
  drops,
  front,
  connected: false,
});

const resolve = (plusMs: number): Action => ({
  does: 'resolve',
  when: { plusMs },
  tenant: 'hooli',
  outcomes: ['failed'],
});

/** Built by hand: chance alone seldom puts these together. */
export const BUILT_REGRESSIONS: readonly Regression[] = [
  {
    what: "an operator's word did not settle the key of a call whose in-doubt was parked",
    rule: 14,
    mutant: "an operator's word does not settle what was parked",
    seed: 1,
    setting: {
      scenario: PLAIN,
      actions: [
        {
          does: 'poison',
          when: { plusMs: 50 },
          wish: { reader: 'lease', partition: 0, type: 'in-doubt', kind: 'undecodable' },
        },
        call(1, 100),
        { does: 'resolve', when: { plusMs: 7_000 }, tenant: 'hooli', outcomes: ['failed'] },
        call(2, 8_000),
      ],
    },
  },
  {
    what: 'audit passed over a gap that a purge by hand had left behind its position',
    rule: 16,
    mutant: 'a projection does not notice a gap behind its position',
    seed: 1,
    setting: {
      scenario: { ...PLAIN, audits: 1, mood: 'kind' },
      actions: [
        call(1, 100),
        { does: 'kill audit', when: { plusMs: 2_000 }, downMs: 6_000 },
        call(2, 3_000),
        call(3, 3_500),
        cutBack(4_000, { lease: 1_000_000 }, true),
      ],
    },
  },
  {
    what: 'the second copy of a call was decided again, because policy was away for a day between the two',
    rule: 3,
    mutant: 'copies of a call are known by when they were decided',
    seed: 15,
    setting: {
      scenario: {
        ...PLAIN,
        ages: [1],
        args: ['1', '2'],
        chaosMs: 500,
        callDeadlineMs: 900_000,
        mood: 'kind',
        weather: { ...PLAIN.weather, twice: 1 },
      },
      actions: [
        call(1, 200),
        {
          does: 'kill',
          when: { plusMs: 240 },
          whom: { stage: 'policy', partition: 0, who: 'owner' },
          downMs: 60_000,
        },
        call(2, 260),
      ],
    },
  },
  {
    what: 'a new owner of budget looked for a refusal of its own before that was in the journal, and refused what fits',
    rule: 11,
    // Names no mutant: a new owner decides nothing any more before it has begun to look.
    seed: 6173,
    setting: {
      scenario: {
        ...PLAIN,
        tools: [{ name: 'pay', onUnknown: 'hold', maxRetries: 0, timeoutMs: 250, dedupWindowSec: 0 }],
        caps: { maxCallsPerTool: 3 },
        weather: { ...PLAIN.weather, usualMs: 4, rareMs: 4 },
      },
      actions: [
        { does: 'cut off', when: { plusMs: 50 }, whom: { stage: 'budget', partition: 0, who: 'owner' } },
        call(1, 100),
        call(2, 101),
        call(3, 150),
        call(4, 200),
        // What is admitted is blocked by the dispatcher, and given back, at once.
        { does: 'disable', when: { plusMs: 500 }, tenant: 'hooli', agent: 'ann', gateway: 1, forMs: 9_000 },
      ],
    },
  },
  {
    what: 'a key that was carried while its waiters were to be answered was taken, from half a journal, to have some for ever',
    rule: 15,
    // Names no mutant: what half a journal leaves behind is shown by the properties of `keep-keys.spec`.
    seed: 620,
    setting: {
      scenario: {
        ...PLAIN,
        ages: [9, 1],
        audits: 1,
        callDeadlineMs: 60_000,
        chaosMs: 6_000,
        keepingTimes: { ...PLAIN.keepingTimes, everyMs: 1_000 },
        tools: [{ name: 'pay', onUnknown: 'hold', maxRetries: 0, timeoutMs: 4_000, dedupWindowSec: 86_400 }],
        weather: { ...PLAIN.weather, usualMs: 4, rareMs: 2_500 },
      },
      actions: [
        call(1, 5_500),
        call(2, 5_600),
        {
          does: 'kill',
          when: { age: 1, plusMs: 100 },
          whom: { stage: 'lease', partition: 0, who: 'owner' },
          downMs: 100,
        },
      ],
    },
  },
  {
    what: 'the second copy of a call was decided again, because policy forgot the first by a look that had taken days',
    rule: 15,
    mutant: 'what was read by the beginning of a look is taken for what was read by its end',
    seed: 24,
    setting: {
      scenario: {
        ...PLAIN,
        ages: [9],
        args: ['1', '2'],
        chaosMs: 2_000,
        callDeadlineMs: 900_000,
        keepingTimes: { ...PLAIN.keepingTimes, everyMs: 500 },
        mood: 'kind',
        weather: { ...PLAIN.weather, usualMs: 4, rareMs: 2_500, twice: 1 },
      },
      actions: Array.from({ length: 10 }, (_, n) => call(n + 1, 6_500 + 50 * n)),
    },
  },
  {
    what: "an operator's word that lay twice in CALLS was answered twice, because the dispatcher was away for days between",
    rule: 3,
    mutant: "copies of an operator's word are known for an hour",
    seed: 6,
    setting: {
      scenario: {
        ...PLAIN,
        ages: [3],
        args: ['1', '2'],
        chaosMs: 2_000,
        callDeadlineMs: 900_000,
        weather: { ...PLAIN.weather, twice: 1 },
      },
      actions: [
        call(1, 200),
        { ...call(2, 300), wish: { ...call(2, 300).wish, args: '2' } },
        resolve(1_500),
        {
          does: 'kill',
          when: { plusMs: 1_530 },
          whom: { stage: 'dispatch', partition: 0, who: 'owner' },
          downMs: 60_000,
        },
        // Read before the copy of the first, days later.
        resolve(1_540),
      ],
    },
  },
];
