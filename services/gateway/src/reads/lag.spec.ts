import { behind } from './lag.js';

const ends = new Map([
  ['POLICY-0', 5],
  ['CONFIG', 2],
  ['CALLS-0', 0],
]);

describe('a projection', () => {
  it('is behind where it has not read to the end', () => {
    expect(
      behind(
        ends,
        new Map([
          ['POLICY-0', 4],
          ['CONFIG', 2],
        ]),
      ),
    ).toEqual([{ source: 'POLICY-0', after: 4 }]);
  });

  it('is behind where it has read nothing of something', () => {
    expect(behind(ends, new Map([['POLICY-0', 9]]))).toEqual([{ source: 'CONFIG', after: 0 }]);
  });

  it('is not behind when it has read on', () => {
    expect(
      behind(
        ends,
        new Map([
          ['POLICY-0', 6],
          ['CONFIG', 3],
        ]),
      ),
    ).toEqual([]);
  });
});
