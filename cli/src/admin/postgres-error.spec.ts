import { AwayError } from './away-error.js';
import { translatePostgresError } from './postgres-error.js';

const said = (code: string) => Object.assign(new Error('text'), { name: 'error', severity: 'FATAL', code });
const refused = expect.objectContaining({ message: expect.stringContaining('refuses DATABASE_URL') });

describe('an error of Postgres, to whoever typed', () => {
  it.each([
    said('57P01'),
    said('57P03'),
    said('08006'),
    said('53300'),
    new Error('Connection terminated unexpectedly'),
    new Error('Query read timeout'),
    Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' }),
    Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:9')]), { code: 'ECONNREFUSED' }),
  ])('%p: it is away', (error) => {
    expect(translatePostgresError(error)).toBeInstanceOf(AwayError);
  });

  it.each([said('28P01'), said('28000'), said('3D000'), new Error('SASL: client password must be a string')])(
    '%p: it is there, and refuses',
    (error) => {
      expect(translatePostgresError(error)).toEqual(refused);
      expect(translatePostgresError(error)).not.toBeInstanceOf(AwayError);
    },
  );

  it.each([said('42P01'), said('22P02'), new TypeError('x is not a function')])(
    '%p stays what it is: it passes by no waiting',
    (error) => {
      expect(translatePostgresError(error)).toBe(error);
    },
  );
});
