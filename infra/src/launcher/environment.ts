import type { PrivateServer } from '../servers/index.js';
import { SERVER_VARIABLES } from './servers.js';

export interface ServiceSurroundings {
  /** What the person set; it wins over everything chosen here. */
  readonly given: NodeJS.ProcessEnv;
  readonly servers: readonly Pick<PrivateServer, 'name' | 'url'>[];
  readonly sealingKeyFile: string;
  /** Only on the first start. */
  readonly firstAdminKey: string | undefined;
  /** The base address of the tracing UI, when there is one. */
  readonly traces: string | undefined;
}

/** The environment of the services: what the person set, and what the launcher chose. */
export function serviceEnvironment(around: ServiceSurroundings): NodeJS.ProcessEnv {
  const { given, servers, traces, firstAdminKey } = around;
  return {
    TOLLGATE_TOOL_ADDRESSES: 'loopback', // the sample tool lives on this machine
    ...(given['TOLLGATE_SEALING_KEYS'] ? {} : { TOLLGATE_SEALING_KEY_FILE: around.sealingKeyFile }),
    ...(firstAdminKey === undefined ? {} : { TOLLGATE_ADMIN_KEY: firstAdminKey }),
    ...given,
    ...Object.fromEntries(servers.map(({ name, url }) => [SERVER_VARIABLES[name], url])),
    ...(traces === undefined ? {} : tracesEnvironment(traces)),
  };
}

/** Spans go out at once: who looks at the UI has just made the call. */
function tracesEnvironment(address: string): NodeJS.ProcessEnv {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: address,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_BSP_SCHEDULE_DELAY: '500',
  };
}
