/** Dollars and cents, and more places where an amount has them. */
export function usd(amount: number): string {
  const [whole = '0', fraction = ''] = amount.toFixed(6).split('.');
  return `$${whole}.${fraction.replace(/0{1,4}$/, '')}`;
}
