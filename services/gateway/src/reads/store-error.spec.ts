import { storeError } from './store-error.js';

const ofSocket = (code: string) => Object.assign(new Error('x'), { code });
const ofPostgres = (code: string) => Object.assign(new Error('x'), { code, severity: 'ERROR' });

describe('an error of Postgres', () => {
  it.each(['57P01', '57P03', '08006', '53300', '3D000', '42P01'])('%s means that it is out of reach', (code) => {
    expect(storeError(ofPostgres(code))).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } });
  });

  it.each(['ECONNREFUSED', 'ETIMEDOUT', 'EPIPE'])('so does %s, of its socket', (code) => {
    expect(storeError(ofSocket(code))?.status).toBe(503);
  });

  it('a time limit has no code, and means the same', () => {
    expect(storeError(new Error('timeout exceeded when trying to connect'))?.status).toBe(503);
  });

  it.each(['42601', '42703', '22P02'])('%s is a bug of ours', (code) => {
    expect(storeError(ofPostgres(code))).toBeUndefined();
  });

  it('so is a TypeError', () => {
    expect(storeError(new TypeError('x'))).toBeUndefined();
  });
});
