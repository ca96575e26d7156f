import type { Action } from './action.js';
import type { Regression } from './regressions.js';
import { QUIET, type Scenario } from './scenario.js';
import type { CallWish } from './sim-gateway.js';

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
const asks = (n: number, plusMs: number, gateway: number, how: Partial<CallWish>): Action => ({
  does: 'call',
  when: { plusMs },
  gateway,
  wish: { ...wish(n), ...how },
});
const disable = (plusMs: number, forMs: number): Action => ({
  does: 'disable',
  when: { plusMs },
  tenant: 'hooli',
  agent: 'ann',
  gateway: 1,
  forMs,
});
const makeKey = (n: number, plusMs: number, gateway: number): Action => ({
  does: 'make key',
  when: { plusMs },
  gateway,
  wish: wish(n),
});
const restartBroker = (plusMs: number): Action => ({ does: 'restart broker', when: { plusMs } });
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
    mutant: 'a record that was made anew during a look is taken for the one before',
    seed: 9,
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
    what: 'a look at a record that was dropped, made anew and filled again, between its positions and its row found nothing',
    rule: 16,
    mutant: 'a record that was made anew, and filled again, during a look is taken for the one before',
    seed: 8271,
    setting: {
      scenario: {
        ...SLOW,
        tools: [{ name: 'pay', onUnknown: 'hold', maxRetries: 1, timeoutMs: 8_000, dedupWindowSec: 86_400 }],
        args: ['1', '2'],
        audits: 2,
        chaosMs: 1_006,
        waitLimitMs: 300,
        weather: { usualMs: 1, rareMs: 400, loseRequest: 0.04, loseAck: 0.06, late: 0, twice: 0 },
        mood: 'kind',
      },
      actions: [
        asks(1, 732.6649815449491, 0, { args: '2', hangsUpMs: 20 }),
        disable(850.0585281974636, 2_874),
        drop(834.9328554407693),
        disable(834.9328554407693, 6_537),
        asks(3, 848.8035151674412, 1, { args: '2' }),
        asks(6, 853.0221832622774, 1, { idempotencyKey: 'k1' }),
        asks(7, 846.8900377894752, 0, { args: '2' }),
      ],
    },
  },
  {
    what: 'a reader of CONFIG ended for good, because the broker was restarted again while it looked whether all was as before',
    rule: 3,
    mutant: 'a reader gives up when its connection breaks while it looks',
    seed: 69,
    setting: {
      scenario: { ...SLOW, chaosMs: 16_000, mood: 'kind', weather: { ...SLOW.weather, usualMs: 100, rareMs: 100 } },
      actions: [
        call(1, 1_000),
        makeKey(3, 1_500, 0),
        ...[3_000, 5_000, 7_000, 9_000].map(restartBroker),
        makeKey(2, 14_000, 0),
        makeKey(4, 14_000, 1),
      ],
    },
  },
  {
    what: 'an operator took a late word that the call is in doubt for its resolution',
    rule: 6,
    mutant: 'an operator hears that a call is in doubt as its resolution',
    seed: 86,
    setting: {
      scenario: { ...SLOW, chaosMs: 4_000 },
      actions: [...[300, 310, 320, 330].map((plusMs, i) => call(i + 1, plusMs)), ...[1_200, 1_350, 1_500].map(resolve)],
    },
  },
  {
    what: 'an operator whose key was just revoked was told that a call in doubt is not',
    rule: 12,
    mutant: 'an operator whose key is revoked is told that nothing is in doubt',
    seed: 287,
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
