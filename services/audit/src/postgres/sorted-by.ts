/** Rows in the order of their keys: two transactions that write the same ones never wait for each other. */
export function sortedBy<T>(rows: readonly T[], key: (row: T) => readonly string[]): readonly T[] {
  const keyed = rows.map((row) => ({ row, text: JSON.stringify(key(row)) }));
  return keyed.sort((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text))).map(({ row }) => row);
}
