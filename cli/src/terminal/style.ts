import { styleText } from 'node:util';

/** How words are set off where colors can be shown; elsewhere they stay as they are. */
export interface Style {
  good(text: string): string;
  careful(text: string): string;
  bad(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

const same = (text: string): string => text;

export const PLAIN: Style = { good: same, careful: same, bad: same, strong: same, faint: same };

/** The stream decides, by NO_COLOR and by being a terminal or not. */
export function styleOf(stream: NodeJS.WriteStream): Style {
  const set = (format: Parameters<typeof styleText>[0]) => (text: string) => styleText(format, text, { stream });
  return { good: set('green'), careful: set('yellow'), bad: set('red'), strong: set('bold'), faint: set('dim') };
}
