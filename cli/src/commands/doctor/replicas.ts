/** The fewest copies that a stream has, out of the text of `/metricsz`. */
export function replicasIn(metrics: unknown): number | undefined {
  if (typeof metrics !== 'string') return undefined;
  const [, count] = /^tollgate_stream_replicas(?:\{[^}]*\})? (\d+)/m.exec(metrics) ?? [];
  return count === undefined ? undefined : Number(count);
}
