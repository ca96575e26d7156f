import { PositionMovedError, SinkUnavailableError } from '../lane/sink.js';

const UNDEFINED_TABLE = '42P01';
/** Also of a row that no partition takes. */
const CHECK_VIOLATION = '23514';
/** Classes of SQLSTATE that pass by themselves: connection, rollback of a transaction, resources, an operator's intervention. */
const PASSING = ['08', '40', '53', '57'];
/** Wrong user or password; no such database. */
const REFUSED = ['28', '3D'];

/** What an error of pg means for the projection; anything else is a bug and stays as it is. */
export function translatePostgresError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  if (code === UNDEFINED_TABLE) return new PositionMovedError('the tables are gone', { cause: error });
  if (code === CHECK_VIOLATION) return new PositionMovedError('a partition is gone', { cause: error });
  if (typeof code === 'string' && REFUSED.includes(code.slice(0, 2))) {
    return new SinkUnavailableError('Postgres refuses DATABASE_URL: check its user, password and database', {
      cause: error,
    });
  }
  if (isAway(error, code)) {
    return new SinkUnavailableError('Postgres is out of reach: check DATABASE_URL and that the server runs', {
      cause: error,
    });
  }
  return error;
}

function isAway(error: Error, code: unknown): boolean {
  if (typeof code === 'string') return 'syscall' in error || PASSING.includes(code.slice(0, 2));
  // What pg says by itself (a lost connection, no answer in time) is a plain Error without a code.
  return error.name === 'Error';
}
