import type { Regression } from './regressions.js';

/** Two processes of audit, and a network that holds one of them up for seconds. */
export const GONE_ON: Regression = {
  what: 'audit stopped for good, because another process had published on, and purged, since it loaded how far the decisions are',
  rule: 15,
  // Names no mutant: it holds without the mend, too, since purging goes by what was stored a round before.
  seed: 41090,
  setting: {
    scenario: {
      partitions: 1,
      tenants: ['hooli'],
      agents: ['ann'],
      tools: [{ name: 'pay', onUnknown: 'retry', maxRetries: 1, timeoutMs: 250, dedupWindowSec: 86400 }],
      args: ['1', '2', '3', '4', '5', '6', '7', '8'],
      audits: 2,
      focus: ['policy', 'lease', 'budget', 'dispatch'],
      copies: 2,
      chaosMs: 5405,
      waitLimitMs: 300,
      callDeadlineMs: 900000,
      batchSize: 400000,
      keepingTimes: { carryAfterMs: 604800000, everyMs: 2000, snapshotEvery: 1 },
      ages: [9],
      month: false,
      caps: {},
      price: 10,
      weather: { usualMs: 15, rareMs: 2500, loseRequest: 0, loseAck: 0, late: 0, twice: 0 },
      mood: 'silent',
      clocks: { offMs: 0, drift: 0 },
    },
    actions: [
      {
        does: 'call',
        when: { plusMs: 519.1993562388234 },
        gateway: 0,
        wish: { callId: 'call-2', tenant: 'hooli', agent: 'ann', tool: 'pay', args: '7', keyId: 'key' },
      },
      { does: 'restart broker', when: { plusMs: 1462.6721990085207 } },
      {
        does: 'kill',
        when: { plusMs: 4137.794615258463 },
        whom: { stage: 'lease', partition: 0, who: 'owner' },
        downMs: 566.4747580885887,
      },
      {
        does: 'kill',
        when: { plusMs: 4126.986865485087 },
        whom: { stage: 'policy', partition: 0, who: 'owner' },
        downMs: 1014.7229875437915,
      },
      {
        does: 'call',
        when: { age: 0, plusMs: 738.0328690633178 },
        gateway: 1,
        wish: {
          callId: 'call-12',
          tenant: 'hooli',
          agent: 'ann',
          tool: 'pay',
          args: '7',
          keyId: 'spare key',
          respondAsync: true,
        },
      },
      {
        does: 'call',
        when: { age: 0, plusMs: 2978.325626347214 },
        gateway: 0,
        wish: {
          callId: 'call-13',
          tenant: 'hooli',
          agent: 'ann',
          tool: 'pay',
          args: '7',
          keyId: 'spare key',
          respondAsync: true,
        },
      },
    ],
  },
};
