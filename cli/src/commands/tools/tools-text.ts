import type { Style } from '../../terminal/style.js';
import { members } from '../../text/members.js';
import { plain } from '../../text/plain.js';
import { table } from '../../text/table.js';

export interface Tool {
  readonly name: string;
  readonly scope_id: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly on_unknown: string;
  readonly dedup_window_sec: number;
  readonly previous_secret_until: string | null;
}

export const toolsText = (tools: readonly Tool[], style: Style): string =>
  table(
    ['tool', 'scope', 'state', 'on unknown', 'dedup', 'url'],
    tools.map(({ name, scope_id, enabled, on_unknown, dedup_window_sec, url }) => [
      plain(name),
      plain(scope_id),
      enabled ? style.good('enabled') : style.careful('disabled'),
      plain(on_unknown),
      windowText(dedup_window_sec),
      plain(url),
    ]),
    'no tools',
  );

export const toolText = (tool: Tool): string => members({ ...tool });

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** In the largest unit that it is a whole number of. */
export function windowText(seconds: number): string {
  if (seconds === 0) return 'none';
  const [size, unit] = UNITS.find(([of]) => seconds % of === 0) ?? [1, 's'];
  return `${seconds / size} ${unit}`;
}
