import type { Style } from '../../terminal/style.js';
import { plain } from '../../text/plain.js';
import type { Finding, Level } from './finding.js';

const CHECK_WIDTH = 'durability'.length;

/** What is to be mended last, where it is still seen. */
export function doctorText(findings: readonly Finding[], style: Style): string {
  const order: readonly Level[] = ['ok', 'note', 'mend'];
  const sorted = order.flatMap((level) => findings.filter((finding) => finding.level === level));
  return sorted.map((finding) => lines(finding, style)).join('') + summary(findings);
}

function lines({ check, level, what, mend }: Finding, style: Style): string {
  const word = { ok: style.good, note: style.careful, mend: style.bad }[level](level.padEnd(4));
  const first = `${word}  ${check.padEnd(CHECK_WIDTH)}  ${plain(what)}\n`;
  return mend === undefined ? first : `${first}${' '.repeat(CHECK_WIDTH + 8)}${style.faint(`→ ${plain(mend)}`)}\n`;
}

function summary(findings: readonly Finding[]): string {
  const [mend, note] = (['mend', 'note'] as const).map((level) => findings.filter((one) => one.level === level).length);
  return `\n${mend === 0 ? 'nothing' : mend} to mend, ${note} to know\n`;
}
