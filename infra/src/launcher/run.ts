import { Launch } from './launch.js';
import type { LaunchOptions } from './launch.js';
import { StepFailed } from './progress.js';

/** The same Ctrl-C arrives several times: from the terminal, from npm, from what npm started. */
const ONE_PRESS_MS = 1_000;
const FORCED = 130;

/** Runs until it is told to stop; resolves to the exit code. */
export async function run({ print, ...options }: LaunchOptions): Promise<number> {
  const launch = new Launch({ ...options, print });
  return new Promise((resolve) => {
    let stoppingSince: number | undefined;
    const stop = (code: number): void => {
      stoppingSince = Date.now();
      void stopInOrder(launch, print).finally(() => resolve(code));
    };
    const asked = (): void => {
      if (stoppingSince === undefined) {
        print('\nstopping: services, then servers (Ctrl-C again: at once) …');
        stop(0);
      } else if (Date.now() - stoppingSince > ONE_PRESS_MS) {
        launch.kill();
        resolve(FORCED);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, asked);
    process.once('disconnect', asked); // whoever started us is gone
    launch.start().catch((error: unknown) => {
      if (stoppingSince !== undefined) return; // it failed because it was stopped
      if (!(error instanceof StepFailed)) print(String((error as Error).stack));
      stop(1);
    });
  });
}

async function stopInOrder(launch: Launch, print: LaunchOptions['print']): Promise<void> {
  try {
    if (await launch.stop()) print('stopped');
  } catch (error) {
    print(`! ${(error as Error).message}`);
  }
}
