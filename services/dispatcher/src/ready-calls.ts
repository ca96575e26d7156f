import type { AttemptAnswer, LeasedCall, ToolDocument } from '@tollgate/events';
import type { ConfigState } from '@tollgate/journal';
import type { JsonValue } from '@tollgate/sealing';
import { toolOf } from './decide-queued.js';
import { openArgs } from './sealed-args.js';
import { openSecrets, type SigningSecrets } from './signing-secrets.js';
import type { PreparedConnection } from './tool-client/index.js';
import type { WorkTools } from './work-tools.js';

/** What stands ready when an attempt is decided: nothing but the check may keep its request from leaving. */
export interface Ready {
  readonly connection: PreparedConnection;
  /** The connection was used before: it goes stale soon, which is no failure of the tool. */
  readonly pooled: boolean;
  readonly tool: ToolDocument;
  readonly secrets: SigningSecrets;
  readonly args: JsonValue;
}

/** Calls whose connection, arguments and secret are at hand: name, connection and TLS stand first (rule 10). */
export class ReadyCalls {
  private readonly ready = new Map<string, Ready>();

  constructor(private readonly tools: WorkTools) {}

  has(callId: string): boolean {
    return this.ready.has(callId);
  }

  /** At once, when nothing has to be waited for: an idle connection, and arguments that travelled along. */
  standNow(tenant: string, leased: LeasedCall, config: ConfigState): boolean {
    const tool = toolOf(config, tenant, leased);
    if (tool === undefined || !('inline' in leased.args)) return false;
    const connection = this.tools.client.prepareNow(tool.url);
    if (connection === undefined) return false;
    try {
      const args = this.tools.sealer.open(leased.args.inline, { tenant, callId: leased.args.callId });
      const secrets = openSecrets(this.tools.sealer, tenant, tool);
      this.ready.set(leased.call.callId, { connection, pooled: true, tool, secrets, args });
      return true;
    } catch {
      // The slow way says what is wrong.
      connection.release();
      return false;
    }
  }

  /** Answers why not; undefined when the call stands ready, or its tool is gone, which the decision says. */
  async stand(tenant: string, leased: LeasedCall, config: ConfigState): Promise<AttemptAnswer | undefined> {
    const tool = toolOf(config, tenant, leased);
    if (tool === undefined) return undefined;
    const { bus, sealer, client } = this.tools;
    const args = await openArgs(bus, sealer, tenant, leased.args);
    const secrets = openSecrets(sealer, tenant, tool);
    const idle = client.prepareNow(tool.url);
    if (idle !== undefined) {
      this.ready.set(leased.call.callId, { connection: idle, pooled: true, tool, secrets, args });
      return undefined;
    }
    const prepared = await client.prepare(tool.url, tool.timeoutMs);
    if (!prepared.ok) return { known: 'not_sent', code: prepared.code };
    this.ready.set(leased.call.callId, { connection: prepared.connection, pooled: false, tool, secrets, args });
    return undefined;
  }

  /** It stands ready for what its tool was, and the tool may still be called. */
  isOutdated(callId: string, tool: ToolDocument | undefined): boolean {
    const ready = this.ready.get(callId);
    return ready !== undefined && tool?.enabled === true && ready.tool !== tool;
  }

  /** Hands it out, once. */
  take(callId: string): Ready | undefined {
    const ready = this.ready.get(callId);
    this.ready.delete(callId);
    return ready;
  }

  drop(callId: string): void {
    this.take(callId)?.connection.release();
  }

  dropAll(): void {
    for (const callId of [...this.ready.keys()]) this.drop(callId);
  }
}
