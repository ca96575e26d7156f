import { randomBytes } from 'node:crypto';
import { secretCallId, type ToolDocument } from '@tollgate/events';
import type { Sealer } from '@tollgate/sealing';
import { secretMask, type StoredSecret } from './tool-edit.js';

/** Seals the secrets of tools. */
export class ToolSecrets {
  constructor(private readonly sealer: Sealer) {}

  /** The current one when none was sent or the same was; undefined when there is none. */
  after(
    tenant: string,
    current: ToolDocument | undefined,
    tool: string,
    sent: string | undefined,
  ): StoredSecret | undefined {
    if (current !== undefined && (sent === undefined || this.opens(tenant, current) === sent)) {
      return { secret: current.secret, secretId: current.secretId, secretMask: current.secretMask };
    }
    if (sent === undefined) return undefined;
    const secret = this.sealer.seal(sent, { tenant, callId: secretCallId(tool) });
    return { secret, secretId: `sec_${randomBytes(9).toString('base64url')}`, secretMask: secretMask(sent) };
  }

  /** Undefined when the key that sealed it is gone: a secret sent anew then takes its place. */
  private opens(tenant: string, tool: ToolDocument): unknown {
    try {
      return this.sealer.open(tool.secret, { tenant, callId: secretCallId(tool.name) });
    } catch {
      return undefined;
    }
  }
}
