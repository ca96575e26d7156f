import { call, cutBack, PLAIN } from './built-regressions.js';
import type { Regression } from './regressions.js';

/** Streams that came back as others, and what audit publishes: but for the last, built by hand after what chance had put together. */
export const STREAM_REGRESSIONS: readonly Regression[] = [
  {
    what: 'a reader that was running passed over a gap in silence, when its stream had lost its tail or was made anew',
    rule: 3,
    mutant: 'a reader goes on with a new consumer without a look',
    seed: 1,
    setting: {
      scenario: { ...PLAIN, copies: 2, focus: ['dispatch'], mood: 'kind' },
      actions: [call(1, 1_000), { ...cutBack(3_000, { dispatch: 1_000_000 }), connected: true }],
    },
  },
  {
    what: 'a stage read on from a stream that was emptied before anything of it was decided; and so did its own journal',
    rule: 3,
    mutant: 'a stage does not notice that a stream lacks its beginning',
    seed: 1,
    setting: {
      scenario: { ...PLAIN, mood: 'kind' },
      actions: [
        { does: 'kill', when: { plusMs: 5 }, whom: { stage: 'dispatch', partition: 0, who: 'owner' }, downMs: 4_000 },
        call(1, 100),
        cutBack(2_000, { budget: 1_000_000 }, true),
      ],
    },
  },
  {
    what: 'the stream of decisions did not notice that the last event it had published was lost',
    rule: 16,
    mutant: 'a projection does not notice a lost tail',
    seed: 1,
    setting: {
      scenario: { ...PLAIN, audits: 1, mood: 'kind' },
      actions: [
        call(1, 1_000),
        {
          does: 'kill',
          when: { plusMs: 3_990 },
          whom: { stage: 'dispatch', partition: 0, who: 'owner' },
          downMs: 4_000,
        },
        cutBack(4_000, { dispatch: 1 }),
      ],
    },
  },
  {
    what: 'a purge went by what the stream of decisions had in memory, so that its next process found its position gone',
    rule: 15,
    mutant: 'what a projection has only in memory is purged',
    seed: 1,
    setting: {
      scenario: {
        ...PLAIN,
        audits: 1,
        ages: [20],
        mood: 'kind',
        keepingTimes: { ...PLAIN.keepingTimes, everyMs: 2_000 },
      },
      actions: [
        call(1, 1_000),
        { does: 'usurp', when: { plusMs: 4_000 }, stage: 'budget', partition: 0 },
        { does: 'kill audit', when: { age: 0, plusMs: 8_000 }, downMs: 500 },
      ],
    },
  },
  {
    what: 'a decision was published twice after a takeover of audit, and another was never published',
    rule: 16,
    mutant: 'a decision expects a place, whoever stands before it',
    seed: 2005,
    setting: {
      scenario: {
        ...PLAIN,
        tenants: ['hooli', 'wayne'],
        agents: ['ann', 'bob'],
        tools: [{ name: 'pay', onUnknown: 'retry', maxRetries: 2, timeoutMs: 250, dedupWindowSec: 86400 }],
        audits: 2,
        focus: ['policy'],
        copies: 2,
        chaosMs: 3256,
        waitLimitMs: 30000,
        callDeadlineMs: 900000,
        keepingTimes: { ...PLAIN.keepingTimes, everyMs: 2_000, snapshotEvery: 1_000 },
        weather: { ...PLAIN.weather, usualMs: 15, rareMs: 400 },
        mood: 'kind',
      },
      actions: [
        {
          does: 'call',
          when: { plusMs: 2011.5843064207584 },
          gateway: 1,
          wish: {
            callId: 'call-1',
            tenant: 'hooli',
            agent: 'bob',
            tool: 'pay',
            args: '1',
            keyId: 'key',
            hangsUpMs: 2000,
          },
        },
        {
          does: 'call',
          when: { plusMs: 1633.877447700128 },
          gateway: 1,
          wish: { callId: 'call-2', tenant: 'wayne', agent: 'ann', tool: 'pay', args: '1', keyId: 'key' },
        },
        {
          does: 'call',
          when: { plusMs: 1181.9754413440824 },
          gateway: 0,
          wish: { callId: 'call-4', tenant: 'hooli', agent: 'bob', tool: 'pay', args: '1', keyId: 'key' },
        },
        {
          does: 'call',
          when: { plusMs: 2029.2612941116095 },
          gateway: 1,
          wish: { callId: 'call-5', tenant: 'hooli', agent: 'bob', tool: 'pay', args: '1', keyId: 'key' },
        },
        {
          does: 'poison',
          when: { plusMs: 786.2453507259488 },
          wish: { reader: 'lease', partition: 0, type: 'policy-passed', kind: 'decision_failed' },
        },
      ],
    },
  },
];
