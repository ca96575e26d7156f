import type { Random } from './random.js';

/** What befalls gateways, audit and what it writes to. */
export type StoreAction =
  | { readonly does: 'kill gateway'; readonly place: number; readonly downMs: number }
  | { readonly does: 'cut off gateway'; readonly place: number }
  | { readonly does: 'pause gateway'; readonly place: number; readonly forMs: number }
  | { readonly does: 'kill audit'; readonly downMs: number }
  | { readonly does: 'cut off audit' }
  | { readonly does: 'pause audit'; readonly forMs: number }
  | { readonly does: 'wipe redis' | 'drop postgres' }
  | { readonly does: 'stop redis' | 'stop postgres'; readonly forMs: number };

/** Days pass within seconds of a run: whoever is away for so long is away behind them, too. */
const OVER_DAYS_MS = 45_000;

const KINDS = [
  'kill gateway',
  'cut off gateway',
  'pause gateway',
  'kill audit',
  'cut off audit',
  'pause audit',
  'wipe redis',
  'drop postgres',
  'stop redis',
  'stop postgres',
] as const;

/** Each run has some of these and not others. */
export const drawStoreKinds = (random: Random): readonly StoreAction['does'][] =>
  KINDS.filter((kind) => random.chance(kind === 'wipe redis' || kind === 'drop postgres' ? 0.25 : 0.12));

/** @param daysPass then a store may be away for all of them */
export function drawStoreAction(random: Random, does: StoreAction['does'], daysPass: boolean): StoreAction {
  const place = random.int(0, 1);
  const forMs = random.delay(2_000, 9_000);
  switch (does) {
    case 'kill gateway':
      return { does, place, downMs: forMs };
    case 'cut off gateway':
      return { does, place };
    case 'pause gateway':
      return { does, place, forMs };
    case 'kill audit':
      return { does, downMs: forMs };
    case 'cut off audit':
    case 'wipe redis':
    case 'drop postgres':
      return { does };
    case 'pause audit':
      return { does, forMs };
    case 'stop redis':
    case 'stop postgres':
      return { does, forMs: daysPass ? OVER_DAYS_MS + forMs : forMs };
  }
}
