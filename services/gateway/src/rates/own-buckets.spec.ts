import { OwnBuckets } from './own-buckets.js';

const SECOND = 1_000;
const perSecond = { periodMs: SECOND, tokens: 4 };
const perMinute = { periodMs: 60 * SECOND, tokens: 6 };

/** What a key is answered when it asks so often at one moment. */
const asked = (buckets: OwnBuckets, times: number, now: number, key = 'key_1'): number[] =>
  Array.from({ length: times }, () => buckets.take(key, now));

describe('the rate of a key, as one gateway knows it', () => {
  it('as many at once as the bucket holds, then one by one as it fills', () => {
    const buckets = new OwnBuckets([perSecond]);
    expect(asked(buckets, 6, 0)).toEqual([0, 0, 0, 0, 250, 250]);
    expect(asked(buckets, 2, 250)).toEqual([0, 250]);
    expect(asked(buckets, 3, 750)).toEqual([0, 0, 250]);
  });

  it('is never more than what the bucket holds and regains, however it is asked for', () => {
    const buckets = new OwnBuckets([perSecond]);
    let taken = 0;
    for (let now = 0; now < 10 * SECOND; now += 7) if (buckets.take('key_1', now) === 0) taken += 1;
    // Four at once, and four a second.
    expect(taken).toBe(4 + 4 * 10 - 1);
  });

  it('tells how long to wait: who waits so long is let through', () => {
    const buckets = new OwnBuckets([perSecond]);
    const [wait = 0] = asked(buckets, 5, 0).slice(-1);
    expect(asked(buckets, 1, wait - 1)).toEqual([1]);
    expect(asked(buckets, 1, wait)).toEqual([0]);
  });

  it('holds for each period: what one bucket refuses is taken from no other', () => {
    const buckets = new OwnBuckets([perSecond, perMinute]);
    expect(asked(buckets, 4, 0)).toEqual([0, 0, 0, 0]);
    expect(asked(buckets, 3, SECOND)).toEqual([0, 0, 9_000]);
    // Refused by the minute, the second's tokens are all there: ten seconds bring one of the minute's.
    expect(asked(buckets, 2, 10 * SECOND)).toEqual([0, 10_000]);
  });

  it("is each key's own", () => {
    const buckets = new OwnBuckets([perSecond]);
    asked(buckets, 5, 0, 'loud');
    expect(asked(buckets, 1, 0, 'quiet')).toEqual([0]);
  });

  it('what is given back can be taken again', () => {
    const buckets = new OwnBuckets([perSecond]);
    asked(buckets, 4, 0);
    buckets.giveBack('key_1');
    expect(asked(buckets, 2, 0)).toEqual([0, 250]);
  });

  it('forgets keys whose buckets are full again', () => {
    const buckets = new OwnBuckets([perSecond]);
    for (let key = 0; key < 100; key += 1) buckets.take(`key_${key}`, key);
    expect(buckets.size).toBe(100);
    buckets.take('another', 10 * SECOND);
    expect(buckets.size).toBe(1);
  });
});
