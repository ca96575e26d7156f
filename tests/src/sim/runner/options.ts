import { parseArgs } from 'node:util';

/** What `npm run sim` was asked for. */
export interface Options {
  readonly mode: 'play' | 'hunt' | 'trace' | 'shrink' | 'help';
  /** How many runs; of a hunt, at most so many for each mutant. */
  readonly runs: number;
  readonly seed: number;
  readonly workers: number;
  /** The rule that is left out; of a hunt, the only one. */
  readonly mutant: string | undefined;
  /** Words of what a kept run is about, which is to be traced. */
  readonly regression: string | undefined;
  /** Of a hunt: begins with the seed that found each mutant last, as CI does; one that does not find it any more costs a run. */
  readonly quick: boolean;
  /** Of a hunt: keeps the seeds that found the mutants. */
  readonly remember: boolean;
  /** A file for the counts that `npm test` adds to its own. */
  readonly counts: string | undefined;
}

/** Said to whoever typed it, in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Known {
  readonly cores: number;
  readonly mutants: readonly string[];
}

const RUNS = 1_000;
const RUNS_OF_A_MUTANT = 10_000;
const MOST_WORKERS = 256;

export const HELP = `npm run sim -- [options]: the protocol under simulated faults

  --runs N       how many runs (default ${RUNS}; with --mutants: at most so many for each, default ${RUNS_OF_A_MUTANT})
  --seed S       the first seed (default 1); the next run has the next
  --trace        print what happened in the first run, and play no other
  --regression X with --trace: of the run that was kept and is about X; with --mutant, as it was before the mend
  --shrink       leave out what the first run can break a guarantee without; print what is left, and its trace
  --mutants      leave one rule out after the other: each must be found
  --mutant NAME  this one only; without --mutants: play with this rule left out
  --quick        with --mutants: behind the runs that are kept for one, begin with the seed that found it last
  --remember     with --mutants: keep those seeds, in tests/src/sim/found-by.json
  --workers N    processes at once (default: one for each core)
  --counts FILE  write there how many tests that was: {"passed": ..., "failed": ...}
  --help

The same seed gives the same run. Exit code 1 when a run breaks a guarantee or is not played, when a mutant is not found,
or when a run that is kept for one does not break with it; 2 when the options are wrong.
`;

const OPTIONS = {
  runs: { type: 'string' },
  seed: { type: 'string' },
  workers: { type: 'string' },
  mutant: { type: 'string' },
  regression: { type: 'string' },
  counts: { type: 'string' },
  trace: { type: 'boolean' },
  shrink: { type: 'boolean' },
  mutants: { type: 'boolean' },
  quick: { type: 'boolean' },
  remember: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const MODES = { help: 'help', trace: 'trace', shrink: 'shrink', mutants: 'hunt' } as const;
type ModeOption = keyof typeof MODES;

/** Throws a {@link UsageError} that says what to do instead. */
export function parseOptions(args: readonly string[], known: Known): Options {
  const { texts, modes, flags } = read(args);
  if (modes.length > 1) throw new UsageError(`choose one of ${modes.map((mode) => `--${mode}`).join(' and ')}`);
  const mode = modes[0] === undefined ? 'play' : MODES[modes[0]];
  if (texts.has('regression') && mode !== 'trace') throw new UsageError('--regression goes with --trace');
  if (texts.has('regression') && texts.has('seed')) throw new UsageError('choose one of --regression and --seed');
  const mutant = texts.get('mutant');
  if (mutant !== undefined && !known.mutants.includes(mutant)) throw new UsageError(noMutant(mutant, known.mutants));
  return {
    mode,
    runs: wholeNumber('runs', texts, 1, mode === 'hunt' ? RUNS_OF_A_MUTANT : RUNS),
    seed: wholeNumber('seed', texts, 0, 1),
    workers: wholeNumber('workers', texts, 1, known.cores, MOST_WORKERS),
    mutant,
    regression: texts.get('regression'),
    quick: flags.has('quick'),
    remember: flags.has('remember'),
    counts: texts.get('counts'),
  };
}

interface Read {
  readonly texts: ReadonlyMap<string, string>;
  readonly modes: readonly ModeOption[];
  readonly flags: ReadonlySet<string>;
}

function read(args: readonly string[]): Read {
  // Not strict: what Node says about a wrong option takes three lines.
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  const texts = new Map<string, string>();
  const modes = new Set<ModeOption>();
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`"${token.value}" belongs to no option; --help lists them`);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isOption(name)) throw new UsageError(`there is no option ${rawName}; --help lists them`);
    if (OPTIONS[name].type === 'boolean') {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
      if (isMode(name)) modes.add(name);
      else flags.add(name);
    } else if (value === undefined || value === '') throw new UsageError(`${rawName} needs a value`);
    else texts.set(name, value);
  }
  return { texts, modes: [...modes], flags };
}

const isMode = (name: string): name is ModeOption => Object.hasOwn(MODES, name);
const isOption = (name: string): name is keyof typeof OPTIONS => Object.hasOwn(OPTIONS, name);

function wholeNumber(
  name: string,
  texts: ReadonlyMap<string, string>,
  least: number,
  otherwise: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const text = texts.get(name);
  if (text === undefined) return otherwise;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new UsageError(`--${name} must be a whole number ${bounds}, not "${text}"`);
}

function noMutant(name: string, mutants: readonly string[]): string {
  const near = nearest(name, mutants);
  const hint = near === undefined ? 'docs/guarantees.md lists them' : `did you mean "${near}"?`;
  return `there is no mutant "${name}": ${hint}`;
}

/** The one that shares the most words with it. */
export function nearest(name: string, mutants: readonly string[]): string | undefined {
  const words = new Set(wordsOf(name));
  const shared = (mutant: string): number => wordsOf(mutant).filter((word) => words.has(word)).length;
  const [best] = [...mutants].sort((a, b) => shared(b) - shared(a));
  return best !== undefined && shared(best) > 0 ? best : undefined;
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1);
