import { writeFileSync } from 'node:fs';
import { availableParallelism, constants } from 'node:os';
import { MUTANTS } from './mutants.js';
import { Crew } from './runner/crew.js';
import { huntMutants } from './runner/hunt.js';
import { HELP, parseOptions, UsageError, type Options } from './runner/options.js';
import { playAll, type Output } from './runner/play.js';
import { shrinkRun, traceRun } from './runner/single-run.js';

const BAD_OPTIONS = 2;

const output: Output = {
  screen: process.stderr,
  print: (text) => void process.stdout.write(`${text}\n`),
};

/** Plays with a crew that ends at once when somebody asks for it; what was played until then is reported. */
async function withCrew(options: Options): Promise<number> {
  const crew = new Crew();
  let signal: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      signal ??= constants.signals[name];
      crew.stop();
    });
  }
  const mutants = MUTANTS.filter(({ name }) => options.mutant === undefined || name === options.mutant);
  const counts =
    options.mode === 'hunt' ? await huntMutants(mutants, options, crew, output) : await playAll(options, crew, output);
  if (options.counts !== undefined) writeFileSync(options.counts, JSON.stringify(counts));
  if (signal !== undefined) return 128 + signal;
  return counts.failed > 0 ? 1 : 0;
}

async function run(options: Options): Promise<number> {
  const { mode, seed } = options;
  const mutant = MUTANTS.find(({ name }) => name === options.mutant);
  switch (mode) {
    case 'help':
      output.print(HELP);
      return 0;
    case 'trace':
      return (await traceRun(options, mutant, output.print)) ? 0 : 1;
    case 'shrink':
      await shrinkRun(seed, mutant, output.print);
      return 1;
    case 'play':
    case 'hunt':
      return await withCrew(options);
  }
}

// Whoever reads it, as `head` does, may have read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(128 + constants.signals.SIGPIPE);
});

try {
  const known = { cores: availableParallelism(), mutants: MUTANTS.map(({ name }) => name) };
  process.exitCode = await run(parseOptions(process.argv.slice(2), known));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = BAD_OPTIONS;
}
