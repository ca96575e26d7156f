import { CONFIG_STREAM, type Bus, type ConfigReader } from '@tollgate/journal';
import { instruments } from '@tollgate/runtime';

const EVERY_MS = 2_000;

/** Measures how many changes of CONFIG this gateway has still to fold; the answer ends it. */
export function measureConfigLag(bus: Bus, config: ConfigReader): () => void {
  const measure = async (): Promise<void> => {
    const lag = Math.max(0, (await bus.endOf(CONFIG_STREAM)) - config.state.seq);
    instruments().readerLag(lag, { service: 'gateway', reader: 'config', partition: 0 });
  };
  // Out of reach: health says so.
  const attempt = (): void => void measure().catch(() => undefined);
  attempt();
  const timer = setInterval(attempt, EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}
