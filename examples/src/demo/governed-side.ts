import { randomBytes } from 'node:crypto';
import { governedAgent } from './agent.js';
import type { Agent } from './agent.js';
import type { Surroundings } from './surroundings.js';
import { serveTool } from './tool-server.js';
import type { ServedTool, Tool } from './tool-server.js';

/** One agent as an operator brings it to Tollgate: a policy, a key, and its tools. */
export class GovernedSide {
  private constructor(
    private readonly around: Surroundings,
    /** Fresh for each story, so that nothing was spent before; also the name of its run. */
    readonly id: string,
    private readonly key: string,
  ) {}

  static async prepare(around: Surroundings, story: string, policy: object): Promise<GovernedSide> {
    const id = `demo-${story}-${randomBytes(4).toString('hex')}`;
    if (around.withPolicy) await around.tollgate.setPolicy(id, policy);
    return new GovernedSide(around, id, await keyFor(id, around));
  }

  /** @param base another way to Tollgate than the straight one */
  agent(base = this.around.tollgate.base): Agent {
    return governedAgent({ base, key: this.key, agentId: this.id, runId: this.id });
  }

  /** Serves a tool that lets in only what Tollgate signed, and registers it. */
  async serve<Counters extends object>(tool: Tool<Counters>): Promise<ServedTool<Counters>> {
    const { tollgate, atEnd } = this.around;
    const secret = randomBytes(24).toString('base64url');
    const served = atEnd.use(await serveTool(tool, secret));
    await tollgate.registerTool(this.id, tool.name, `${served.url}/`, secret);
    atEnd.defer(() => tollgate.deleteTool(this.id, tool.name));
    return served;
  }
}

/** Without a policy an agent key may call nothing, and an admin key may call everything. */
async function keyFor(agentId: string, { tollgate, withPolicy, atEnd }: Surroundings): Promise<string> {
  if (!withPolicy) return tollgate.adminKey;
  const { id, key } = await tollgate.createAgentKey(agentId);
  atEnd.defer(() => tollgate.revokeKey(id));
  return key;
}
