import { formatSealingKey, mintApiKey, mintSealingKey, parseSealingKeys } from './keys.js';
import type { SealingError } from './sealing-error.js';

describe('a list of sealing keys', () => {
  const [first, second] = [mintSealingKey(), mintSealingKey()];

  it.each([
    ['commas', `${formatSealingKey(first)}, ${formatSealingKey(second)}`],
    ['lines', `# made by the launcher\n${formatSealingKey(first)}\r\n\n${formatSealingKey(second)}\n`],
  ])('is read in order, separated by %s', (_, text) => {
    expect(parseSealingKeys(text)).toEqual([first, second]);
  });

  it.each([
    ['nothing', ''],
    ['only a comment', '# a:b'],
    ['no id', first.key.toString('base64')],
    ['a short key', 'k1:c2hvcnQ='],
    ['two keys of one id', `${formatSealingKey(first)},${formatSealingKey(first)}`],
    ['a third part', `${formatSealingKey(first)}:x`],
  ])('is refused with %s, and the refusal does not quote it', (_, text) => {
    let thrown: unknown;
    try {
      parseSealingKeys(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: 'SealingError', code: 'bad_key_list' });
    expect((thrown as SealingError).message).not.toContain(first.key.toString('base64').slice(0, 8));
    expect((thrown as SealingError).message).not.toContain('c2hvcnQ');
  });
});

describe('minted keys', () => {
  it('are random and of full length', () => {
    expect(mintSealingKey().key).toHaveLength(32);
    expect(mintApiKey()).toMatch(/^tg_live_[A-Za-z0-9_-]{43}$/);
    expect(mintApiKey()).not.toBe(mintApiKey());
  });
});
