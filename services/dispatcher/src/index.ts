import { Bus, systemClock } from '@tollgate/journal';
import { tracerFor } from '@tollgate/runtime';
import { createSealer } from '@tollgate/sealing';
import { stageService } from '@tollgate/stage';
import { DispatchModule } from './dispatch.module.js';
import { dispatchStage } from './dispatch.stage.js';
import { Dispatching } from './dispatching.js';
import { ToolClient } from './tool-client/index.js';

export { DispatchController } from './dispatch.controller.js';
export { dispatchStage } from './dispatch.stage.js';
export { Dispatching } from './dispatching.js';
export type { PreparedConnection, PrepareResult, SendRequest, SendResult, ToolPort } from './tool-client/index.js';
export type { WorkTools } from './work-tools.js';

/** How long a clean end waits for what its tools still answer, and for telling the next owner. */
const LAST_ANSWERS_MS = 2_500;
const MOST_RESPONSE_BYTES = 262_144;

/** Dispatcher: calls the tools. Reads BUDGET, CONFIG and words in CALLS, writes DISPATCH. */
export const dispatcherService = stageService('dispatcher', async ({ settings, logger }) => {
  // Large arguments are fetched and late answers handed over on a connection that outlives any ownership.
  const bus = await Bus.connect(settings.natsUrl, { name: 'tollgate-dispatcher-payloads', reconnect: true });
  const client = new ToolClient({ addresses: settings.toolAddresses, maxResponseBytes: MOST_RESPONSE_BYTES });
  const dispatching = new Dispatching({
    client,
    bus,
    sealer: createSealer({ keys: settings.sealingKeys, mode: settings.sealing }),
    clock: systemClock,
    log: logger,
    tracer: tracerFor('dispatcher'),
    limits: { perTool: settings.toolConcurrency, perTenant: settings.tenantConcurrency },
  });
  return {
    definition: dispatchStage,
    effects: dispatching,
    module: DispatchModule.with(dispatching),
    stop: async () => {
      await dispatching.settled(LAST_ANSWERS_MS);
      await client.close();
      await bus.close();
    },
  };
});
