import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { MeController } from './account/me.controller.js';
import { MetricsController } from './account/metrics.controller.js';
import { UsageController } from './account/usage.controller.js';
import { AgentLogsController } from './agents/agent-logs.controller.js';
import { AgentMetricsController } from './agents/agent-metrics.controller.js';
import { AgentsController } from './agents/agents.controller.js';
import { CallsController } from './calls/calls.controller.js';
import { EventsController } from './events/events.controller.js';
import { HealthController } from './health/health.controller.js';
import { KeysController } from './keys/keys.controller.js';
import { openApi, type OpenApi } from './openapi/document.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { routesOf } from './openapi/routes.js';
import { PoliciesController } from './policies/policies.controller.js';
import { RunController } from './run/run.controller.js';
import { RunsController } from './runs/runs.controller.js';
import { LocksController } from './locks/locks.controller.js';
import { TasksController } from './tasks/tasks.controller.js';
import { ToolsController } from './tools/tools.controller.js';

/** Every endpoint group is one folder, and one line here. */
const ENDPOINTS: Type[] = [
  RunController,
  LocksController,
  TasksController,
  CallsController,
  RunsController,
  AgentsController,
  AgentLogsController,
  AgentMetricsController,
  EventsController,
  PoliciesController,
  ToolsController,
  KeysController,
  MeController,
  UsageController,
  MetricsController,
  HealthController,
  OpenApiController,
];

/** The reference of all endpoints under `/v1`. */
export const apiReference = (): OpenApi => openApi(routesOf(ENDPOINTS).filter(({ path }) => path.startsWith('/v1/')));

@Module({ controllers: ENDPOINTS })
export class GatewayModule {
  /** The endpoints around parts that were made before, because some of them need a connection to be made. */
  static around(providers: Provider[]): DynamicModule {
    return { module: GatewayModule, providers };
  }
}
