import type { Json } from '../contract/json.js';
import type { Transport } from './transport.js';

const scoped = (scopeId: string): string => new URLSearchParams({ scope_id: scopeId }).toString();

/** Names stand in paths as they are: a space, a colon or an umlaut is left to the HTTP client. */
export class Policies {
  constructor(private readonly transport: Transport) {}

  upsert = (agentId: string, policy: object): Promise<Json> =>
    this.transport.send('POST', `/policies/${agentId}`, { ...policy, agent_id: agentId });
  fromTemplate = (agentId: string, template: string, overrides: object = {}): Promise<Json> =>
    this.transport.send('POST', `/policies/${agentId}/from-template`, { agent_id: agentId, template, overrides });
  list = (): Promise<Json[]> => this.transport.send('GET', '/policies');
  get = (agentId: string): Promise<Json> => this.transport.send('GET', `/policies/${agentId}`);
}

export class Tools {
  constructor(private readonly transport: Transport) {}

  create = (tool: object): Promise<Json> => this.transport.send('POST', '/tools', tool);
  list = (scopeId = 'global'): Promise<Json[]> => this.transport.send('GET', `/tools?${scoped(scopeId)}`);
  get = (name: string, scopeId = 'global'): Promise<Json> =>
    this.transport.send('GET', `/tools/${name}?${scoped(scopeId)}`);
  toggle = (name: string, enabled: boolean, scopeId = 'global'): Promise<Json> =>
    this.transport.send('POST', `/tools/${name}/toggle?${scoped(scopeId)}`, { enabled });
  delete = (name: string, scopeId = 'global'): Promise<Json> =>
    this.transport.send('DELETE', `/tools/${name}?${scoped(scopeId)}`);
}

export class Agents {
  constructor(private readonly transport: Transport) {}

  disable = (agentId: string, reason?: string): Promise<Json> =>
    this.transport.send('POST', `/agents/${agentId}/disable`, { reason });
  enable = (agentId: string): Promise<Json> => this.transport.send('POST', `/agents/${agentId}/enable`, {});
  logs = (agentId: string, limit = 100): Promise<Json[]> =>
    this.transport.send('GET', `/agents/${agentId}/logs?limit=${limit}`);
  metrics = (agentId: string, period = 'day'): Promise<Json> =>
    this.transport.send('GET', `/agents/${agentId}/metrics?period=${period}`);
}
