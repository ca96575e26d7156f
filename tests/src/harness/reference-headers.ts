export type DocumentedHeaders = Readonly<
  Record<
    string,
    { readonly $ref?: string; readonly required?: boolean; readonly schema?: { readonly pattern?: string } }
  >
>;

/** What says something to a client of ours, and so is in the reference where it is answered. */
const TELLING = /^(x-(request|tollgate|onceonly)-.*|retry-after|location|preference-applied|allow|www-authenticate)$/;

/** Throws when an answer lacks a header that the reference says it has, or has one that it does not know of. */
export function checkHeaders(what: string, headers: Headers, documented: DocumentedHeaders): void {
  for (const [name, { $ref, required, schema }] of Object.entries(documented)) {
    const value = headers.get(name);
    // Every header that is kept at one place is on every answer.
    const isMissing = value === null && ($ref !== undefined || required === true);
    if (isMissing) throw new Error(`the reference says that ${what} has ${name}`);
    const pattern = new RegExp(schema?.pattern ?? '');
    if (value !== null && !pattern.test(value))
      throw new Error(`the reference says that ${name} of ${what} is ${String(pattern)}, not ${value}`);
  }
  const known = new Set(Object.keys(documented).map((name) => name.toLowerCase()));
  const unknown = [...headers.keys()].filter((name) => TELLING.test(name) && !known.has(name));
  if (unknown.length > 0) throw new Error(`the reference does not say that ${what} has ${unknown.join(', ')}`);
}
