import { call, PLAIN } from './built-regressions.js';
import type { Regression } from './regressions.js';

/** Of owners that change. */
export const OWNER_REGRESSIONS: readonly Regression[] = [
  {
    what: 'an owner that was shut out while it read CONFIG folded what the next one wrote, and went on in its place',
    rule: 1,
    seed: 854,
    setting: {
      scenario: { ...PLAIN, copies: 2, mood: 'kind', weather: { ...PLAIN.weather, usualMs: 4, rareMs: 100 } },
      actions: [
        { does: 'usurp', when: { plusMs: 500 }, stage: 'dispatch', partition: 0 },
        { does: 'usurp', when: { plusMs: 1_000 }, stage: 'dispatch', partition: 0 },
        call(1, 1_000),
      ],
    },
  },
];
