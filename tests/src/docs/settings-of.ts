import { codeBlock } from './code-blocks.js';

/** The variables that a block of a page sets. */
export const settingsOf = (page: string, name: string): Record<string, string> =>
  Object.fromEntries(
    codeBlock(page, name)
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => line.split('=') as [string, string]),
  );
