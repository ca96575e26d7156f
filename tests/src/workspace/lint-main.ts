/*
 * Lints texts as if they stood in files that do not exist: `[{file, text}]` on the standard input, the ids of the rules
 * that fired, one list per text, on the standard output. A process of its own, because Jest's module loader cannot
 * load the native parts of the package graph.
 */
import { text as readAll } from 'node:stream/consumers';
import { ESLint } from 'eslint';

export interface PlantedFile {
  /** From the root of the project. */
  readonly file: string;
  readonly text: string;
}

const planted = JSON.parse(await readAll(process.stdin)) as readonly PlantedFile[];
const eslint = new ESLint();
const fired: (string | null)[][] = [];
for (const { file, text } of planted) {
  const [result] = await eslint.lintText(text, { filePath: file });
  fired.push((result?.messages ?? []).map(({ ruleId }) => ruleId));
}
process.stdout.write(`\n${JSON.stringify(fired)}\n`);
