/** Money is a whole number of micro-dollars everywhere inside; dollars exist only on the wire (contract section 0). */
export type Micros = number;

const MICROS_PER_DOLLAR = 1_000_000;

/** Rounds to the nearest micro-dollar; a positive amount never becomes 0. */
export function microsFromUsd(usd: number): Micros {
  const micros = Math.round(usd * MICROS_PER_DOLLAR);
  return usd > 0 && micros === 0 ? 1 : micros;
}

export function usdFromMicros(micros: Micros): number {
  return micros / MICROS_PER_DOLLAR;
}
