import { setTimeout as sleep } from 'node:timers/promises';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    path: string,
    detail: string,
  ) {
    super(`${path} answered ${status}: ${detail}`);
    this.name = 'ApiError';
  }
}

/** POSTs as this key, again while the answer is that something is not there yet. */
export async function post<Answer>(base: string, path: string, key: string, body: object): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as Answer;
    if (response.status !== 503 || tries === 10) throw new ApiError(response.status, path, text);
    await sleep(1000);
  }
}

export interface Readiness {
  readonly ready: boolean;
  readonly missing: readonly string[];
}

/** What /readyz says; not ready, and missing the gateway, when nobody answers. */
export async function readiness(base: string): Promise<Readiness> {
  try {
    const response = await fetch(`${base}/readyz`, { signal: AbortSignal.timeout(3_000) });
    const body = (await response.json()) as { missing?: readonly string[] };
    return { ready: response.ok, missing: body.missing ?? [] };
  } catch {
    return { ready: false, missing: ['gateway'] };
  }
}
