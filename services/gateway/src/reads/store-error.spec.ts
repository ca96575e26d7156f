import { storeError } from './store-error.js';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

describe('an error of Postgres', () => {
  it.each(['ECONNREFUSED', 'ETIMEDOUT', '57P01', '57P03', '08006', '53300', '3D000', '42P01'])(
    '%s means that it is out of reach',
    (code) => {
      expect(storeError(withCode(code))).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } });
    },
  );

  it('a time limit has no code, and means the same', () => {
    expect(storeError(new Error('timeout exceeded when trying to connect'))?.status).toBe(503);
  });

  it.each(['42601', '42703', '22P02'])('%s is a bug of ours', (code) => {
    expect(storeError(withCode(code))).toBeUndefined();
  });

  it('so is a TypeError', () => {
    expect(storeError(new TypeError('x'))).toBeUndefined();
  });
});
