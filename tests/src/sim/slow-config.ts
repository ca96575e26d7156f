import { CONFIG_STREAM, type MessageBus } from '@tollgate/journal';
import type { SimProcess } from './sim-process.js';

const SLOW = 0.15;
const SLOW_MS = [200, 3_000] as const;

/**
 * Some processes hear late of what is configured, though they can know it when they ask for its end (rule 12): the same
 * connection, on which everything that is read of CONFIG takes so much longer.
 */
export function perhapsSlow(bus: MessageBus, process: SimProcess): MessageBus {
  const { random } = process;
  if (!random.chance(SLOW)) return bus;
  const ms = random.int(...SLOW_MS);
  const read: MessageBus['read'] = (options) => {
    const late = (message: Parameters<typeof options.onMessage>[0]): void => {
      process.after(ms, () => {
        options.onMessage(message);
      });
    };
    return bus.read(options.stream === CONFIG_STREAM ? { ...options, onMessage: late } : options);
  };
  return Object.assign(Object.create(bus) as MessageBus, { read });
}
