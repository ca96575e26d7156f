import type { Random } from './random.js';
import type { CallWish } from './sim-gateway.js';

type Manner = Pick<CallWish, 'idempotencyKey' | 'respondAsync' | 'tries' | 'hangsUpMs' | 'looksAgain'>;

/** How a client goes about its call: most ask once, wait, and are content with what they are told. */
export const drawManner = (random: Random): Manner => ({
  ...(random.chance(0.2) ? { idempotencyKey: random.pick(['k1', 'k2']) } : {}),
  ...(random.chance(0.05) ? { respondAsync: true } : {}),
  ...(random.chance(0.15) ? { tries: random.int(2, 4) } : {}),
  ...(random.chance(0.1) ? { hangsUpMs: random.pick([20, 300, 2_000]) } : {}),
  ...(random.chance(0.15) ? { looksAgain: true } : {}),
});
