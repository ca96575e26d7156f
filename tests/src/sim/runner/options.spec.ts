import { parseOptions, UsageError } from './options.js';

const KNOWN = { cores: 4, mutants: ['now goes back', 'the permit has no end'] };
const NOTHING = { mutant: undefined, regression: undefined, counts: undefined, quick: false, remember: false };
const parse = (...args: string[]) => parseOptions(args, KNOWN);

describe('the options of npm run sim', () => {
  it('have defaults: one worker for each core, the first seed always the same', () => {
    expect(parse()).toEqual({ ...NOTHING, mode: 'play', runs: 1_000, seed: 1, workers: 4 });
    expect(parse('--mutants')).toMatchObject({ mode: 'hunt', runs: 10_000 });
  });

  it('are read', () => {
    expect(parse('--runs', '20', '--seed=7', '--workers', '2', '--mutant', 'now goes back', '--trace')).toEqual({
      ...NOTHING,
      mode: 'trace',
      runs: 20,
      seed: 7,
      workers: 2,
      mutant: 'now goes back',
    });
    expect(parse('--regression', 'sent twice', '--trace')).toMatchObject({ mode: 'trace', regression: 'sent twice' });
    expect(parse('--mutants', '--quick', '--remember')).toMatchObject({ mode: 'hunt', quick: true, remember: true });
  });

  it.each([
    [['--runs', 'abc'], '--runs must be a whole number of 1 or more, not "abc"'],
    [['--runs', '-5'], '--runs must be a whole number of 1 or more, not "-5"'],
    [['--runs', '0'], '--runs must be a whole number of 1 or more, not "0"'],
    [['--runs', '1.5'], '--runs must be a whole number of 1 or more, not "1.5"'],
    [['--runs'], '--runs needs a value'],
    [['--seed', '1e99'], '--seed must be a whole number of 0 or more, not "1e99"'],
    [['--seed', '99999999999999999'], '--seed must be a whole number of 0 or more, not "99999999999999999"'],
    [['--workers', '0'], '--workers must be a whole number from 1 to 256, not "0"'],
    [['--run', '5'], 'there is no option --run; --help lists them'],
    [['5'], '"5" belongs to no option; --help lists them'],
    [['--trace=yes'], '--trace takes no value'],
    [['--regression', 'sent twice'], '--regression goes with --trace'],
    [['--regression', 'sent twice', '--mutants'], '--regression goes with --trace'],
    [['--regression', 'sent twice', '--trace', '--seed', '5'], 'choose one of --regression and --seed'],
    [['--trace', '--mutants'], 'choose one of --trace and --mutants'],
    [['--mutant', 'the permit'], 'there is no mutant "the permit": did you mean "the permit has no end"?'],
    [['--mutant', 'x'], 'there is no mutant "x": docs/guarantees.md lists them'],
  ])('that are wrong are answered in one line: %j', (args, message) => {
    expect(() => parse(...args)).toThrow(new UsageError(message));
  });
});
