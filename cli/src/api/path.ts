import { UsageError } from '../usage-error.js';
/** A path of the API: what is put into it is data, whatever it looks like. */
export function path(words: TemplateStringsArray, ...ids: readonly string[]): string {
  return String.raw({ raw: words }, ...ids.map(segment));
}

/** The two that a URL would resolve away; no id is one of them. */
function segment(id: string): string {
  if (id === '.' || id === '..') throw new UsageError(`"${id}" is no id`);
  return encodeURIComponent(id);
}

/** What has a value, as a query string. */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? '' : `?${given.toString()}`;
}
