import { call, PLAIN } from './built-regressions.js';
import type { Action, When } from './action.js';
import type { Regression } from './regressions.js';

const HAND = { stage: 'dispatch', partition: 0, who: 'owner' } as const;
const disable = (when: When): Action => ({
  does: 'disable',
  when,
  tenant: 'hooli',
  agent: 'ann',
  gateway: 1,
  forMs: 5_000,
});
const STARTED = { stage: 'dispatch', name: 'stored', nth: 3 } as const;

/** Of owners that change, or whose clock does, while an agent is disabled. */
export const OWNER_REGRESSIONS: readonly Regression[] = [
  {
    what: 'an owner that was shut out while it read CONFIG folded what the next one wrote, and went on in its place',
    rule: 1,
    mutant: 'an owner that is shut out while it takes over goes on',
    seed: 437,
    setting: {
      scenario: { ...PLAIN, copies: 2, mood: 'kind', weather: { ...PLAIN.weather, usualMs: 4, rareMs: 100 } },
      actions: [
        { does: 'usurp', when: { plusMs: 500 }, stage: 'dispatch', partition: 0 },
        { does: 'usurp', when: { plusMs: 1_000 }, stage: 'dispatch', partition: 0 },
        call(1, 1_000),
      ],
    },
  },
  {
    what: 'disabled_at lay before the stamp of a request, because the clock was set back between signing and answering',
    rule: 12,
    mutant: 'disabled_at may lie before a stamp that was signed',
    seed: 2,
    setting: {
      scenario: { ...PLAIN, weather: { ...PLAIN.weather, usualMs: 15, rareMs: 15 }, mood: 'kind' },
      actions: [
        // Decided before a full second and signed behind it: a stamp says whole seconds.
        call(1, 4_913),
        { does: 'set clock', when: { plusMs: 5_030 }, whom: HAND, byMs: -900 },
        disable({ plusMs: 5_040 }),
      ],
    },
  },
  {
    what: 'disabled_at of a new owner lay before the stamp of the one before, whose clock was ahead',
    rule: 12,
    mutant: 'disabled_at may lie before a stamp that the owner before has signed',
    seed: 1,
    setting: {
      scenario: { ...PLAIN, copies: 2, mood: 'kind' },
      actions: [
        { does: 'set clock', when: { plusMs: 2_390 }, whom: HAND, byMs: 5_000 },
        call(1, 2_400),
        { does: 'pause', when: { point: STARTED, plusMs: 0 }, whom: HAND, forMs: 900, clock: 'runs' },
        { does: 'usurp', when: { point: STARTED, plusMs: 0 }, stage: 'dispatch', partition: 0 },
        disable({ point: STARTED, plusMs: 1_500 }),
      ],
    },
  },
  {
    what: 'a call that rested lay until its deadline, because the clock was set back by more than its bound, and right again, meanwhile',
    rule: 10,
    mutant: 'a call that rests is left lying when the clock is set back',
    seed: 1,
    setting: {
      scenario: {
        ...PLAIN,
        tools: PLAIN.tools.map((tool) => ({ ...tool, maxRetries: 1 })),
        callDeadlineMs: 900_000,
        mood: 'kind',
      },
      actions: [
        call(1, 2_400),
        // The permit runs out, by this clock.
        { does: 'set clock', when: { point: STARTED, plusMs: 0 }, whom: HAND, byMs: 5_000 },
        { does: 'set clock', when: { point: STARTED, plusMs: 10 }, whom: HAND, byMs: -5_000 },
      ],
    },
  },
];
