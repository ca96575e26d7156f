import { styleText } from 'node:util';
import type { Claim, Figure, Story } from './story.js';
import type { Way } from './trail.js';

/* What is printed, as lines; colours only where the terminal has them. */

/** Both sides beside each other, and what is claimed about them. */
export function storyLines(number: number, { title, plot, figures, claims }: Story): readonly string[] {
  return [
    '',
    styleText('bold', `${number}. ${title}`),
    `   ${plot}`,
    '',
    ...table(figures).map((line) => `   ${line}`),
    '',
    ...claims.map((one) => `   ${claimLine(one)}`),
  ];
}

export function table(figures: readonly Figure[]): readonly string[] {
  const rows = [{ what: '', direct: 'directly', governed: 'through Tollgate' }, ...figures];
  const widthOf = (column: keyof Figure): number => Math.max(...rows.map((row) => row[column].length));
  const [what, direct, governed] = [widthOf('what'), widthOf('direct') + 3, widthOf('governed') + 3];
  const lines = rows.map(
    (row) => row.what.padEnd(what) + row.direct.padStart(direct) + row.governed.padStart(governed),
  );
  return lines.toSpliced(1, 0, '─'.repeat(what + direct + governed));
}

export function claimLine({ holds, text, seen }: Claim): string {
  return holds ? `${styleText('green', '✓')} ${text}` : `${styleText('red', '✗')} ${text}: no, ${seen}`;
}

/** The decisions on the calls of a run. */
export function trailLines(runId: string, ways: readonly Way[]): readonly string[] {
  return ['', `   GET /v1/runs/${runId}`, ...ways.flatMap(wayLines)];
}

function wayLines({ tool, calls, steps }: Way): readonly string[] {
  return [`   ${calls.toLocaleString('en-US').padStart(5)} × ${tool}`, ...steps.map((step) => `           → ${step}`)];
}

export function verdictLines(stories: readonly Story[]): readonly string[] {
  const claims = stories.flatMap((story) => story.claims);
  const fallen = claims.filter(({ holds }) => !holds).length;
  if (fallen === 0) return ['', styleText('green', `All ${claims.length} claims hold.`)];
  return ['', styleText('red', `${fallen} of ${claims.length} claims fell:`), ...stories.flatMap(fallenLines)];
}

function fallenLines({ title, claims }: Story): readonly string[] {
  const fallen = claims.filter(({ holds }) => !holds).map((one) => `      ${claimLine(one)}`);
  return fallen.length === 0 ? [] : [`   ${title}`, ...fallen];
}
