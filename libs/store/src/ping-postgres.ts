import pg from 'pg';

/**
 * Resolves when Postgres takes a new connection and answers on it; rejects at the latest after twice `timeoutMs`. For
 * health: a connection that is open already may go on answering while the server itself is stopped.
 */
export async function pingPostgres(url: string, timeoutMs: number): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tollgate-health',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    // Not awaited: a stopped server never says goodbye.
    void client.end().catch(() => undefined);
  }
}
