import { AwayError } from '../admin/away-error.js';
import { Refusal, Unavailable } from '../api/refusal.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal/terminal.js';
import { UsageError } from '../usage-error.js';

/** Says what went wrong; with `json` also as the server said it. */
export function told(error: unknown, terminal: Terminal, json: boolean): ExitCode {
  terminal.say(`tollgate: ${error instanceof Error ? error.message : 'failed'}`);
  if (error instanceof UsageError && error.help !== '') terminal.say(`\n${error.help.trimEnd()}`);
  const body = bodyOf(error);
  if (json && body !== undefined) terminal.print(`${JSON.stringify(body, null, 2)}\n`);
  return exitOf(error);
}

function bodyOf(error: unknown): unknown {
  if (error instanceof Refusal) return error.body;
  return error instanceof Unavailable ? error.last.body : undefined;
}

function exitOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof Unavailable || error instanceof AwayError ? EXIT.unavailable : EXIT.failed;
}
