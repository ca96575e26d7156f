export interface HealthReport {
  /** False when requests cannot be served: NATS is out of reach. */
  readonly ready: boolean;
  /** True when something that is not needed for calls is missing: Redis, Postgres. */
  readonly degraded: boolean;
  /** What is missing, by name: `nats`, `redis`, `postgres`, or a service that does not answer. */
  readonly missing: readonly string[];
}

export const HEALTHY: HealthReport = { ready: true, degraded: false, missing: [] };

/** One answer for a process of several services: as ready as its least ready one. */
export function mergeHealth(reports: readonly HealthReport[]): HealthReport {
  return {
    ready: reports.every(({ ready }) => ready),
    degraded: reports.some(({ degraded }) => degraded),
    missing: [...new Set(reports.flatMap(({ missing }) => missing))].sort(),
  };
}

/** A health check that hangs, as one does on a stopped server, must itself be an answer. Milliseconds. */
export const HEALTH_TIMEOUT_MS = 1_500;

/** The check's own report, or a not ready one that names it when it fails or takes too long. */
export async function healthWithin(
  name: string,
  check: () => Promise<HealthReport>,
  timeoutMs = HEALTH_TIMEOUT_MS,
): Promise<HealthReport> {
  const silent: HealthReport = { ready: false, degraded: false, missing: [name] };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HealthReport>((resolve) => {
    timer = setTimeout(() => {
      resolve(silent);
    }, timeoutMs);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    return silent;
  } finally {
    clearTimeout(timer);
  }
}
