import { execute } from './command/execute.js';
import { processTerminal } from './terminal/terminal.js';
import { EXIT } from './exit-code.js';
import { UsageError } from './usage-error.js';

const [first, ...rest] = process.argv.slice(2);

/** Speaks to the installation's own servers, and needs what reaches them. */
async function runAdmin(words: readonly string[]): Promise<void> {
  const { admin, AwayError } = await import('./admin/index.js');
  try {
    process.stdout.write(await admin(words));
  } catch (error) {
    process.stderr.write(`tollgate: ${error instanceof Error ? error.message : 'failed'}\n`);
    if (error instanceof UsageError && error.help !== '') process.stderr.write(`\n${error.help}`);
    process.exitCode =
      error instanceof UsageError ? EXIT.usage : error instanceof AwayError ? EXIT.unavailable : EXIT.failed;
  }
}

if (first === 'admin') await runAdmin(rest);
else process.exitCode = await execute(process.argv.slice(2), processTerminal(), process.env);
