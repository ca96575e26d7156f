import { decodeWord, encodeWord, mayClaim, SILENCE_MS, watchFrom, type OwnerWord, type Watch } from './owners.js';

const word: OwnerWord = { owner: 'one', beat: 3, released: false };

describe('the word of an owner', () => {
  it('is read as it was said', () => {
    expect(decodeWord(encodeWord(word))).toEqual(word);
  });

  it('that nobody can read is silence', () => {
    expect(decodeWord(new TextEncoder().encode('{"owner":1}'))).toBeUndefined();
    expect(decodeWord(new Uint8Array())).toBeUndefined();
  });
});

describe('a candidate', () => {
  const mayTake = (watch: Watch, mono: number): boolean => mayClaim(watch, 'two', mono);

  it('claims at once where nobody ever owned', () => {
    expect(mayTake(watchFrom(undefined, 0, undefined, 10), 10)).toBe(true);
  });

  it('claims at once what was released', () => {
    expect(mayTake(watchFrom(undefined, 5, { ...word, released: true }, 10), 10)).toBe(true);
  });

  it('claims after the silence that it has heard itself, not before', () => {
    const watch = watchFrom(undefined, 5, word, 10);
    expect(mayTake(watch, 10)).toBe(false);
    expect(mayTake(watch, 10 + SILENCE_MS - 1)).toBe(false);
    expect(mayTake(watch, 10 + SILENCE_MS)).toBe(true);
  });

  it('waits anew with every heartbeat, and not with every look', () => {
    const first = watchFrom(undefined, 5, word, 10);
    const looked = watchFrom(first, 5, word, 2_000);
    expect(mayTake(looked, 10 + SILENCE_MS)).toBe(true);
    const beaten = watchFrom(first, 6, { ...word, beat: 4 }, 2_000);
    expect(mayTake(beaten, 10 + SILENCE_MS)).toBe(false);
    expect(mayTake(beaten, 2_000 + SILENCE_MS)).toBe(true);
  });

  it('claims again at once what it had itself: that life of it is over', () => {
    expect(mayClaim(watchFrom(undefined, 5, word, 10), 'one', 10)).toBe(true);
  });

  it('treats a word that nobody can read as one that is not renewed', () => {
    const watch = watchFrom(undefined, 5, undefined, 10);
    expect([mayTake(watch, 10), mayTake(watch, 10 + SILENCE_MS)]).toEqual([false, true]);
  });
});
