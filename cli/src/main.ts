import { UsageError } from './usage-error.js';
import { admin } from './admin/index.js';

const HELP = `tollgate: the command line of a Tollgate installation

Usage
  npx tollgate admin <command>    speaks to the installation's own servers (see: npx tollgate admin --help)
  npx tollgate --help

Exit codes: 0 done, 1 failed, 2 wrong usage.
`;

async function run([group, ...rest]: readonly string[]): Promise<string> {
  if (group === undefined || group === '--help' || group === '-h') return HELP;
  if (group !== 'admin') throw new UsageError(`there is no command "${group}"`, HELP);
  return await admin(rest);
}

try {
  process.stdout.write(await run(process.argv.slice(2)));
} catch (error) {
  const usage = error instanceof UsageError;
  process.stderr.write(`tollgate: ${error instanceof Error ? error.message : 'failed'}\n`);
  if (usage) process.stderr.write(`\n${error.help}`);
  process.exitCode = usage ? 2 : 1;
}
