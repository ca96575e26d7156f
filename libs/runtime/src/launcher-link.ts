import type { ServiceStatus } from './service.js';

/** What a process tells the launcher that started it, over the IPC channel. */
export type ProcessMessage =
  { readonly type: 'status'; readonly services: readonly ServiceStatus[] } | { readonly type: 'ready' };

export interface LauncherLink {
  close(): void;
}

const POLL_MS = 500;

/** Tells the launcher what runs here, and again whenever it changes. Without a launcher it does nothing. */
export function linkToLauncher(status: () => readonly ServiceStatus[]): LauncherLink {
  if (process.send === undefined) return { close: () => undefined };
  let last = '';
  const tell = () => {
    const services = status();
    const text = JSON.stringify(services);
    if (text !== last) send({ type: 'status', services });
    last = text;
  };
  tell();
  send({ type: 'ready' });
  const timer = setInterval(tell, POLL_MS);
  return {
    close: () => {
      clearInterval(timer);
    },
  };
}

/** A channel that breaks while sending is reported by `disconnect`; here it is no error. */
function send(message: ProcessMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
