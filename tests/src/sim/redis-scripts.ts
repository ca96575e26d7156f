/** A string, and until when it is there. */
export interface KeptString {
  readonly value: string;
  readonly until: number;
}

/** What a script of Redis may change. */
export interface RedisState {
  readonly strings: Map<string, KeptString>;
  readonly hashes: Map<string, Map<string, string>>;
  /** True time, ms. */
  readonly now: number;
}

type Script = (state: RedisState, keys: readonly string[], args: readonly string[]) => string;

/** What project-outcomes.lua does; `ports/outcome-store.contract.ts` compares the two. */
export const projectOutcomes: Script = ({ strings, hashes, now }, [positionsKey = '', ...outcomes], args) => {
  const [ttl, count] = args.slice(0, 2).map(Number) as [number, number];
  const stored = hashes.get(positionsKey) ?? new Map<string, string>();
  const sources = Array.from({ length: count }, (_, i) => args.slice(2 + 3 * i, 5 + 3 * i) as [string, string, string]);
  const is = (which: 1 | 2): boolean => sources.every((source) => (stored.get(source[0]) ?? '') === source[which]);
  if (!is(1)) return is(2) ? 'known' : 'moved';
  const values = args.slice(2 + 3 * count);
  outcomes.forEach((key, i) => {
    strings.set(key, { value: values[i] ?? '', until: now + ttl * 1_000 });
  });
  for (const [name, , after] of sources) if (after !== '') stored.set(name, after);
  hashes.set(positionsKey, stored);
  return 'stored';
};

/** What project-tasks.lua does; `ports/task-store.contract.ts` compares the two. */
export const projectTasks: Script = ({ strings, hashes, now }, [positionsKey = '', ...keys], args) => {
  const [source = '', expected = '', after = '', length = '0', ...rest] = args;
  const stored = hashes.get(positionsKey) ?? new Map<string, string>();
  const is = stored.get(source) ?? '';
  if (is !== expected) return is === after ? 'known' : 'moved';
  const count = Number(length);
  keys.slice(0, count).forEach((key, i) => {
    const [value = '', ms = 0] = [rest[2 * i], Number(rest[2 * i + 1])];
    strings.set(key, { value, until: ms > 0 ? now + ms : Infinity });
  });
  keys.slice(count).forEach((key, i) => {
    const [how = '', month = '', make = '0', ai = '0'] = rest.slice(2 * count + 4 * i);
    const usage = hashes.get(key) ?? new Map<string, string>();
    const known = usage.get('month') ?? '';
    if (how !== 'set' && known > month) return;
    const adds = how !== 'set' && known === month;
    const sum = (kind: string, by: string): string =>
      adds ? `${Number(usage.get(kind) ?? 0) + Number(by)}` : `${Math.max(0, Number(by))}`;
    hashes.set(
      key,
      new Map([
        ['month', month],
        ['make', sum('make', make)],
        ['ai', sum('ai', ai)],
      ]),
    );
  });
  if (after !== '') hashes.set(positionsKey, new Map([...stored, [source, after]]));
  return 'stored';
};
