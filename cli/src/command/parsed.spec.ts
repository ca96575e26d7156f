import { UsageError } from '../usage-error.js';
import { command } from './command.js';
import { whole } from './option.js';
import { parsed } from './parsed.js';

const logs = command({
  words: 'agents logs',
  summary: '',
  takes: ['<agent>', '[since]'],
  options: { limit: whole('<n>', '') },
  examples: [],
  run: () => Promise.resolve({ answer: undefined, text: '' }),
});

const refusal = (...words: string[]): UsageError => {
  try {
    parsed(logs, words);
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  throw new Error('was taken');
};

describe('what is typed behind a command', () => {
  it('is its arguments, its options and those of every command', () => {
    const { given, common } = parsed(logs, ['billing', '--limit', '5', '--json', '--wait=3']);
    expect(given).toEqual({ args: ['billing'], options: { limit: 5 } });
    expect(common).toMatchObject({ json: true, wait: 3, help: false, url: undefined });
  });

  it('is refused, with how it is meant, when something is missing, empty, too much or unknown', () => {
    expect(refusal().message).toBe('agents logs needs <agent>');
    expect(refusal('').message).toContain('nothing empty');
    expect(refusal('a', 'b', 'c').message).toContain('"c"');
    expect(refusal('a', '--limit', 'x').message).toBe('--limit takes a whole number, not "x"');
    expect(refusal('a', '--colour').message).toContain('--colour');
    expect(refusal().help).toContain('npx tollgate agents logs <agent> [since] [options]');
  });

  it('needs nothing when only help is asked for', () => {
    expect(parsed(logs, ['-h']).common.help).toBe(true);
  });

  it.each([['--key', 'tg_live_x'], ['--key=tg_live_x'], ['--api-key', 'x'], ['--secret=x']])(
    'is no secret: %s is refused without being repeated',
    (...words) => {
      const { message, help } = refusal('billing', ...words);
      expect(message).toContain('secrets are not taken from the command line');
      expect(message + help).not.toContain('tg_live_x');
    },
  );
});
