import { sendUntilAnswered } from './http-client.js';
import type { ApiRequest } from './http-client.js';
import type { TimelineEvent } from './trail.js';

const PAGE = 2_000;

/** What an operator does with a Tollgate server, with an admin key. */
export class Tollgate {
  constructor(
    readonly base: string,
    readonly adminKey: string,
  ) {}

  /** Only for this agent: another agent's tool of that name is another tool. */
  async registerTool(agentId: string, name: string, url: string, secret: string): Promise<void> {
    const auth = { type: 'hmac_sha256', secret };
    await this.ask('POST', '/v1/tools', { name, scope_id: `agent:${agentId}`, url, auth });
  }

  async deleteTool(agentId: string, name: string): Promise<void> {
    await this.ask('DELETE', `/v1/tools/${name}?scope_id=agent:${agentId}`);
  }

  async setPolicy(agentId: string, policy: object): Promise<void> {
    await this.ask('POST', `/v1/policies/${agentId}`, policy);
  }

  /** A key that speaks for one agent, and can change nothing. */
  async createAgentKey(agentId: string): Promise<{ readonly id: string; readonly key: string }> {
    return this.ask('POST', '/v1/keys', { name: agentId, role: 'agent', agents: [agentId] });
  }

  async revokeKey(id: string): Promise<void> {
    await this.ask('DELETE', `/v1/keys/${id}`);
  }

  /** Everything that happened in a run, oldest first. */
  async timeline(runId: string): Promise<readonly TimelineEvent[]> {
    const events: TimelineEvent[] = [];
    for (;;) {
      const path = `/v1/runs/${runId}?limit=${PAGE}&offset=${events.length}`;
      const page = await this.ask<{ total: number; events: TimelineEvent[] }>('GET', path);
      events.push(...page.events);
      if (page.events.length < PAGE) return events;
    }
  }

  private async ask<Body>(method: ApiRequest['method'] & string, path: string, body?: object): Promise<Body> {
    const request = { method, url: this.base + path, key: this.adminKey, ...(body === undefined ? {} : { body }) };
    const { status, body: said } = await sendUntilAnswered(request);
    if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${JSON.stringify(said)}`);
    return said as Body;
  }
}
