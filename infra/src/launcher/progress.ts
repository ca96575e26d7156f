import { explain } from './launch-error.js';

export type Print = (line: string) => void;

/** A step that failed has been told already: nobody needs to print it again. */
export class StepFailed extends Error {
  constructor(step: string, cause: unknown) {
    super(`${step} failed`, { cause });
    this.name = 'StepFailed';
  }
}

/**
 * Runs one step of the start and says so: which it was, what it says of itself, how long it took.
 * @throws StepFailed after it has said which step, why, and what to do.
 */
export async function step(print: Print, name: string, work: (note: Print) => Promise<string>): Promise<void> {
  const start = performance.now();
  const label = name.padEnd(14);
  try {
    const said = await work((line) => print(`  ${label} ${line} …`));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    print(`  ${label} ${said} (${seconds} s)`);
  } catch (error) {
    const { why, whatToDo } = explain(error);
    print(`✗ ${name} failed: ${why}`);
    if (whatToDo !== undefined) print(`  What to do: ${whatToDo}`);
    throw new StepFailed(name, error);
  }
}
