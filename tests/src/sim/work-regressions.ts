import type { Action } from './action.js';
import { call } from './built-regressions.js';
import type { Regression } from './regressions.js';
import { QUIET, type Scenario } from './scenario.js';

const ONE_OF_EACH: Scenario = {
  partitions: 1,
  tenants: ['hooli'],
  agents: ['ann'],
  tools: [{ name: 'pay', onUnknown: 'hold', maxRetries: 0, timeoutMs: 250, dedupWindowSec: 0 }],
  args: ['1'],
  audits: 0,
  copies: 1,
  chaosMs: 8_000,
  waitLimitMs: 3_000,
  callDeadlineMs: 900_000,
  batchSize: 400_000,
  ...QUIET,
  month: false,
  caps: {},
  price: 10,
  weather: { usualMs: 1, rareMs: 1, loseRequest: 0, loseAck: 0, late: 0, twice: 0 },
  mood: 'kind',
  clocks: { offMs: 0, drift: 0 },
};

type Call = Extract<Action, { does: 'call' }>;

/** The same, but for what is named. */
const of = (one: Call, wish: Partial<Call['wish']>): Call => ({ ...one, wish: { ...one.wish, ...wish } });

type Work = Extract<Action, { does: 'work' }>;

/** Somebody asks for one key, does nothing, and says nothing. */
const work = (n: number, plusMs: number, wish: Partial<Work['wish']> = {}): Work => ({
  does: 'work',
  when: { plusMs },
  gateway: 0,
  wish: {
    name: `work-${n}`,
    tenant: 'hooli',
    agent: 'ann',
    keyId: 'key',
    key: 'invoice-1',
    ttlSec: 60,
    words: [],
    thinksMs: 0,
    asks: 1,
    looks: false,
    ...wish,
  },
});

/** Found since there are workers. */
export const WORK_REGRESSIONS: readonly Regression[] = [
  {
    what: 'a job whose action ended by a word of another release waited for ever, whatever an operator said',
    rule: 14,
    mutant: "an operator's word does not reach the job that waits for a parked end",
    seed: 2,
    setting: {
      scenario: ONE_OF_EACH,
      actions: [
        {
          does: 'poison',
          when: { plusMs: 50 },
          wish: { reader: 'lease', partition: 0, type: 'executed', kind: 'unknown_type' },
        },
        work(1, 100, {
          actions: [
            { tool: 'pay', args: '1' },
            { tool: 'pay', args: '1' },
          ],
        }),
      ],
    },
  },
  {
    what: 'an action lay in CALLS for days, while policy was away, and was put there again: it was decided twice',
    rule: 18,
    mutant: 'an action is put again though it lies in CALLS, and policy is away',
    seed: 1,
    setting: {
      scenario: { ...ONE_OF_EACH, ages: [3] },
      actions: [
        {
          does: 'kill',
          when: { plusMs: 5_000 },
          whom: { stage: 'policy', partition: 0, who: 'owner' },
          downMs: 20_000,
        },
        work(1, 6_000, { actions: [{ tool: 'pay', args: '1' }] }),
        {
          does: 'call',
          when: { age: 0, plusMs: 5 },
          gateway: 0,
          wish: { callId: 'call-1', tenant: 'hooli', agent: 'ann', tool: 'pay', args: '1', keyId: 'key' },
        },
        { does: 'usurp', when: { age: 0, plusMs: 10 }, stage: 'lease', partition: 0 },
      ],
    },
  },
  {
    what: 'the end of a job that was projected a week later, when it was forgotten, left the job in progress for ever',
    rule: 16,
    mutant: 'a task that is forgotten by the time it is projected stays as it was',
    seed: 1,
    setting: {
      scenario: {
        ...ONE_OF_EACH,
        tools: [{ name: 'pay', onUnknown: 'fail', maxRetries: 0, timeoutMs: 8_000, dedupWindowSec: 0 }],
        audits: 1,
        ages: [8],
        mood: 'silent',
      },
      actions: [
        { does: 'kill audit', when: { plusMs: 5_000 }, downMs: 60_000 },
        work(1, 1_000, { actions: [{ tool: 'pay', args: '1' }], words: ['fail'], thinksMs: 20_000, looks: true }),
      ],
    },
  },
  {
    what: 'calls that waited for one key went to look at credits by turns, and each back behind the others, without end',
    rule: 9,
    mutant: 'who comes back from a look at credits goes behind those that wait',
    seed: 1,
    setting: {
      scenario: {
        ...ONE_OF_EACH,
        tools: [{ name: 'pay', onUnknown: 'hold', maxRetries: 0, timeoutMs: 250, dedupWindowSec: 86_400 }],
        chaosMs: 4_000,
        waitLimitMs: 900_000,
        credits: { make: 1, ai: 1 },
        weather: { ...ONE_OF_EACH.weather, usualMs: 4, rareMs: 4 },
      },
      actions: [
        {
          does: 'pause',
          when: { plusMs: 50 },
          whom: { stage: 'dispatch', partition: 0, who: 'owner' },
          forMs: 500,
          clock: 'runs',
        },
        // They wait for the first, which is blocked while the lease is paused: its credit goes to the key that is leased then.
        ...Array.from({ length: 40 }, (_, n) => call(n + 1, 100 + 5 * n)),
        {
          does: 'pause',
          when: { plusMs: 400 },
          whom: { stage: 'lease', partition: 0, who: 'owner' },
          forMs: 600,
          clock: 'runs',
        },
        { does: 'disable', when: { plusMs: 420 }, tenant: 'hooli', agent: 'ann', gateway: 1, forMs: 9_000 },
        work(1, 800, { words: ['complete'], thinksMs: 100 }),
      ],
    },
  },
  {
    what: 'a call that had waited, and looked at credits for longer than its client waits, took its key over all the same',
    rule: 9,
    mutant: 'who has waited and looked takes over though he waits no more',
    seed: 151,
    setting: {
      scenario: {
        ...ONE_OF_EACH,
        tools: [
          { name: 'pay', onUnknown: 'retry', maxRetries: 1, timeoutMs: 1_000, dedupWindowSec: 86_400 },
          { name: 'mail', onUnknown: 'fail', maxRetries: 1, timeoutMs: 250, dedupWindowSec: 86_400 },
        ],
        args: ['1', '2'],
        copies: 2,
        chaosMs: 10_000,
        credits: { make: 2, ai: 2 },
        weather: { ...ONE_OF_EACH.weather, usualMs: 15, rareMs: 2_500 },
        mood: 'says no',
      },
      actions: [
        of(call(10, 430), { args: '2' }),
        of(call(7, 520), { tool: 'mail' }),
        of(call(1, 1_060), { args: '2', idempotencyKey: 'k2' }),
        work(4, 1_890, { actions: [], words: ['fail'], thinksMs: 400 }),
        work(1, 3_830, { words: ['complete'] }),
        work(3, 3_860),
        work(5, 4_120, { words: ['fail'], thinksMs: 400 }),
        of(call(6, 5_140), { args: '2' }),
        work(6, 5_140, { actions: [{ tool: 'pay', args: '2' }], words: ['fail'] }),
        of(call(5, 5_450), { tool: 'mail' }),
        work(2, 6_210, { actions: [{ tool: 'pay', args: '2' }], words: ['fail'] }),
      ],
    },
  },
];
