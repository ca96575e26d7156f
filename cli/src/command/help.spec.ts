import { COMMANDS } from '../commands/index.js';
import { EXIT_CODES } from '../exit-code.js';
import { COMMON_OPTIONS } from './common-options.js';
import { commandHelp, listHelp } from './help.js';
import { parsed } from './parsed.js';

/** The words of an example, as a shell would hand them over. */
function wordsOf(example: string): readonly string[] {
  const own = /^(?:[^'"|<>&]|'[^']*'|"[^"]*")*/.exec(example)?.[0] ?? '';
  return [...own.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}

describe('the help', () => {
  const all = listHelp(COMMANDS);

  it('names every command, with what it takes, and every exit code', () => {
    for (const { words, takes } of COMMANDS) expect(all).toContain(`  ${[words, ...takes].join(' ')}  `);
    for (const [code, meaning] of EXIT_CODES)
      expect(all).toMatch(new RegExp(`^ +${code} +${meaning.slice(0, 10)}`, 'm'));
    expect(all).toContain('npx tollgate admin --help');
  });

  it('of a word names its commands only', () => {
    const keys = listHelp(COMMANDS, 'keys');
    expect(keys).toContain('keys revoke <key id>');
    expect(keys).not.toContain('tools list');
  });

  describe.each(COMMANDS.map((command) => [command.words, command] as const))('%s', (words, command) => {
    it('says how it is called, with which options', () => {
      const help = commandHelp(command);
      expect(help).toContain(`  npx tollgate ${[words, ...command.takes].join(' ')} [options]\n`);
      for (const name of Object.keys({ ...command.options, ...COMMON_OPTIONS })) expect(help).toContain(`  --${name}`);
    });

    it('has examples, each of which can be typed', () => {
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) {
        const typed = wordsOf(example);
        const own = words.split(' ');
        const of = COMMANDS.find((other) => other.words === typed.slice(0, other.words.split(' ').length).join(' '));
        expect(of?.words.split(' ')[0]).toBe(own[0]);
        expect(() => parsed(of!, typed.slice(of!.words.split(' ').length))).not.toThrow();
      }
      expect(command.examples.some((example) => example.startsWith(words))).toBe(true);
    });

    it('has no option of the name of one that every command has', () => {
      expect(Object.keys(command.options).filter((name) => name in COMMON_OPTIONS)).toEqual([]);
    });
  });

  it('has no two commands of the same words', () => {
    expect(new Set(COMMANDS.map(({ words }) => words)).size).toBe(COMMANDS.length);
  });
});
