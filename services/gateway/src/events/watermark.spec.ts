import { recordWatermark, type Head } from './watermark.js';

const head = (seq: number, lastId: number, epoch = 'e1'): Head => ({ seq, epoch, lastId });
const JOURNALS = ['POLICY-0', 'LEASE-0'];

describe('up to which id the record has everything', () => {
  const heads = new Map([
    ['POLICY-0', head(7, 700)],
    ['LEASE-0', head(3, 300)],
  ]);
  const words = new Map([
    ['POLICY-0', { epoch: 'e1', id: 900 }],
    ['LEASE-0', { epoch: 'e1', id: 850 }],
  ]);
  const ends = new Map([
    ['POLICY-0', 7],
    ['LEASE-0', 3],
  ]);

  it('is the least that an owner says', () => {
    expect(recordWatermark(JOURNALS, heads, words, ends)).toBe(850);
  });

  it('is what is there of a journal that has no owner to say more', () => {
    expect(recordWatermark(JOURNALS, heads, new Map([...words].slice(0, 1)), ends)).toBe(300);
  });

  it('is what is there where the record has not reached the end', () => {
    expect(recordWatermark(JOURNALS, heads, words, new Map([...ends, ['LEASE-0', 4]]))).toBe(300);
    expect(recordWatermark(JOURNALS, heads, words, undefined)).toBe(300);
  });

  it('does not go by the word of one who has been shut out', () => {
    const taken = new Map([...heads, ['LEASE-0', head(3, 300, 'e2')]]);
    expect(recordWatermark(JOURNALS, taken, words, ends)).toBe(300);
  });

  it('never lies below what is there', () => {
    expect(recordWatermark(JOURNALS, new Map([...heads, ['LEASE-0', head(3, 870)]]), words, ends)).toBe(870);
  });

  it('is nothing where nothing of a journal is recorded', () => {
    expect(recordWatermark(JOURNALS, new Map([...heads].slice(0, 1)), words, ends)).toBe(0);
  });
});
