import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../../api/api.js';
import { query } from '../../api/path.js';
import type { JobEnd } from './job-text.js';

const LOOK_MS = 1_000;

/** How a job ends, or how it stands when there is no time left to wait for that. @throws Refusal, Unavailable */
export async function endOfJob(api: Api, key: string): Promise<JobEnd> {
  const until = Date.now() + api.server.waitMs;
  for (;;) {
    const { status } = await api.get<{ readonly status: string }>(`/v1/ai/status${query({ key })}`);
    if (status !== 'in_progress' || Date.now() + LOOK_MS > until) {
      return api.get<JobEnd>(`/v1/ai/result${query({ key })}`);
    }
    await pause(LOOK_MS);
  }
}
