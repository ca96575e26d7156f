import { sendUntilAnswered } from './http-client.js';
import type { ServedTool } from './tool-server.js';

/** What an agent learns of one call of a tool. */
export interface ToolAnswer {
  /** Absent when the tool was called directly: nobody decided anything. */
  readonly decision?: string;
  readonly policy_reason?: string;
  /** What the tool said; absent when it was not called. */
  readonly result?: Readonly<Record<string, unknown>>;
}

/** The one thing an agent can do in these stories. It asks again when it hears nothing. */
export interface Agent {
  call(tool: string, args: object): Promise<ToolAnswer>;
}

/** Calls each tool at its own address. */
export function directAgent(tools: readonly Pick<ServedTool<object>, 'name' | 'url'>[]): Agent {
  const urls = new Map(tools.map(({ name, url }) => [name, url]));
  return {
    async call(tool, args) {
      const { body } = await sendUntilAnswered({ url: `${urls.get(tool)}/`, body: { tool, args } });
      return { result: body as Record<string, unknown> };
    },
  };
}

export interface Governed {
  readonly base: string;
  readonly key: string;
  readonly agentId: string;
  readonly runId: string;
}

/** Calls every tool through Tollgate: the same call, to another address. */
export function governedAgent({ base, key, agentId, runId }: Governed): Agent {
  return {
    async call(tool, args) {
      const body = { agent_id: agentId, run_id: runId, tool, args };
      const { status, body: said } = await sendUntilAnswered({ url: `${base}/v1/ai/run`, key, body });
      if (status !== 200) throw new Error(`the call of ${tool} was answered ${status}: ${JSON.stringify(said)}`);
      return said as ToolAnswer;
    },
  };
}
