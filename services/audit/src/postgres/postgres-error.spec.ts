import { PositionMovedError, SinkUnavailableError } from '../lane/sink.js';
import { translatePostgresError } from './postgres-error.js';

const withCode = (code: string) => Object.assign(new Error('text'), { name: 'error', code });

describe('an error of Postgres', () => {
  it.each(['57P01', '08006', '40P01', '53300', '28P01', '3D000'])('%s passes: the projection waits', (code) => {
    expect(translatePostgresError(withCode(code))).toBeInstanceOf(SinkUnavailableError);
  });

  it('a lost connection, which has no code, passes too', () => {
    expect(translatePostgresError(new Error('Connection terminated unexpectedly'))).toBeInstanceOf(
      SinkUnavailableError,
    );
  });

  it('a missing table means that everything is built anew', () => {
    expect(translatePostgresError(withCode('42P01'))).toBeInstanceOf(PositionMovedError);
  });

  it.each([new TypeError('x is not a function'), withCode('22P02'), new PositionMovedError('moved')])(
    'a bug and our own errors stay what they are: %p',
    (error) => {
      expect(translatePostgresError(error)).toBe(error);
    },
  );
});
