import { AwayError } from './away-error.js';

/** What Postgres says of itself: connections, resources, an operator's intervention. */
const PASSING = ['08', '53', '57'];
/** Wrong user or password; no such database. */
const REFUSED = ['28', '3D'];

/** What an error of pg means for whoever typed: the same again later, or another DATABASE_URL first. */
export function translatePostgresError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const sqlState = sqlStateOf(error);
  if (saysRefused(error, sqlState)) {
    return new Error('Postgres refuses DATABASE_URL: check its user, password and database', { cause: error });
  }
  if (isAway(error, sqlState)) {
    return new AwayError('Postgres cannot be reached: see that it runs, and that DATABASE_URL is right', {
      cause: error,
    });
  }
  return error;
}

/** Only what Postgres itself says has a severity; the codes of sockets and names are others. */
const sqlStateOf = (error: Error): string | undefined =>
  'severity' in error ? (error as { code?: string }).code : undefined;

/** pg itself misses a password that is wanted, and does not know one that is wrong. */
const saysRefused = ({ message }: Error, sqlState: string | undefined): boolean =>
  sqlState === undefined ? message.startsWith('SASL') : REFUSED.includes(sqlState.slice(0, 2));

function isAway(error: Error, sqlState: string | undefined): boolean {
  if (sqlState !== undefined) return PASSING.includes(sqlState.slice(0, 2));
  // What pg says by itself (a lost connection, no answer in time) is a plain Error without a code; where a name has
  // several addresses, Node says of all of them together that they cannot be connected to.
  return 'syscall' in error || ['Error', 'AggregateError'].includes(error.name);
}
