/** Epoch seconds as people read them; UTC. */
export const secondsTime = (seconds: number): string => isoTime(new Date(seconds * 1000).toISOString());

/** To the second; `—` where there is none. */
export const isoTime = (iso: string | null): string =>
  iso === null ? '—' : `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;

export const millis = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
