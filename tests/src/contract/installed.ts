import { Bus, callsStream, CONFIG_STREAM } from '@tollgate/journal';
import { Installation, type InstallationOptions } from '../harness/index.js';

/** One installation for all tests of a file; the answer of the returned function is there inside tests only. */
export function installed(options: InstallationOptions = {}): () => Installation {
  let installation: Installation | undefined;
  beforeAll(async () => {
    installation = await Installation.start(options);
  }, 90_000);
  afterAll(() => installation?.stop(), 60_000);
  return () => {
    if (installation === undefined) throw new Error('the installation did not start');
    return installation;
  };
}

let made = 0;
/** A name that no other test uses, so that tests of one installation do not meet in its counters. */
export const fresh = (word: string): string => `${word}-${(made += 1)}`;

/** What was accepted until now: the ends of what gateways write, and what reached the tool. */
export async function trace({ nats, tool }: Installation): Promise<object> {
  const bus = await Bus.connect(nats.url, { name: 'contract', reconnect: false });
  try {
    const [calls, config] = await Promise.all([bus.endOf(callsStream(0)), bus.endOf(CONFIG_STREAM)]);
    return { calls, config, atTool: tool.received.length };
  } finally {
    await bus.close();
  }
}
