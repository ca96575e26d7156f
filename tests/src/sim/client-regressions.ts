import type { Action } from './plan.js';
import type { Regression } from './regressions.js';
import { QUIET, type Scenario } from './scenario.js';

/** One stage each, and now and then a message that takes seconds. */
const SLOW: Scenario = {
  partitions: 1,
  tenants: ['hooli'],
  agents: ['ann'],
  tools: [{ name: 'pay', onUnknown: 'hold', maxRetries: 0, timeoutMs: 250, dedupWindowSec: 0 }],
  args: ['1'],
  audits: 0,
  copies: 1,
  chaosMs: 6_000,
  waitLimitMs: 3_000,
  callDeadlineMs: 900_000,
  batchSize: 400_000,
  ...QUIET,
  month: false,
  caps: {},
  price: 10,
  weather: { usualMs: 15, rareMs: 2_500, loseRequest: 0, loseAck: 0, late: 0, twice: 0 },
  mood: 'silent',
  clocks: { offMs: 0, drift: 0 },
};

const wish = (n: number) => ({
  callId: `call-${n}`,
  tenant: 'hooli',
  agent: 'ann',
  tool: 'pay',
  args: '1',
  keyId: 'key',
});
const call = (n: number, plusMs: number): Action => ({ does: 'call', when: { plusMs }, gateway: 0, wish: wish(n) });
const drop = (plusMs: number): Action => ({ does: 'drop postgres', when: { plusMs } });
const resolve = (plusMs: number): Action => ({
  does: 'resolve',
  when: { plusMs },
  tenant: 'hooli',
  outcomes: ['failed', 'failed'],
});

/** What befell clients, operators and administrators; each is seldom, and was looked for with the calls that it needs alone. */
export const CLIENT_REGRESSIONS: readonly Regression[] = [
  {
    what: 'a look at a record that was dropped, and made anew, between its positions and its row found nothing',
    rule: 16,
    seed: 24,
    setting: {
      scenario: {
        ...SLOW,
        audits: 1,
        mood: 'kind',
        chaosMs: 10_000,
        weather: { ...SLOW.weather, usualMs: 1, rareMs: 1 },
      },
      actions: [
        ...[200, 220, 240, 260].map((plusMs, i) => call(i + 1, plusMs)),
        ...[1_000, 2_500, 4_000, 5_500, 7_000, 8_500].map(drop),
      ],
    },
  },
  {
    what: 'an operator took a late word that the call is in doubt for its resolution',
    rule: 6,
    seed: 171,
    setting: {
      scenario: { ...SLOW, chaosMs: 4_000 },
      actions: [...[300, 310, 320, 330].map((plusMs, i) => call(i + 1, plusMs)), ...[1_200, 1_350, 1_500].map(resolve)],
    },
  },
  {
    what: 'an operator whose key was just revoked was told that a call in doubt is not',
    rule: 12,
    seed: 87,
    setting: {
      scenario: SLOW,
      actions: [
        call(1, 500),
        {
          does: 'revoke key',
          when: { plusMs: 1_200 },
          tenant: 'hooli',
          gateway: 0,
          wish: wish(2),
          inDoubt: true,
        },
      ],
    },
  },
];
