import { secretCallId, type ToolDocument } from '@tollgate/events';
import type { Clock } from '@tollgate/journal';
import type { Sealer } from '@tollgate/sealing';
import { secretMask, type StoredSecret } from './tool-edit.js';
import type { ToolAuth } from './tool.schema.js';

/** So long the old secret signs as well where nothing else was said: time enough to give a tool the new one. */
const OVERLAP_SEC = 86_400;

/** Seals the secrets of tools. */
export class ToolSecrets {
  constructor(
    private readonly sealer: Sealer,
    private readonly clock: Pick<Clock, 'newName'>,
  ) {}

  /**
   * The tool's secret once `sent` is in force; undefined when there is none. A repeat changes nothing, whatever is left of
   * the overlap; the same secret with an overlap of 0 ends it.
   */
  after(
    tenant: string,
    current: ToolDocument | undefined,
    tool: string,
    sent: ToolAuth | undefined,
    now: number,
  ): StoredSecret | undefined {
    const stored = current === undefined ? undefined : storedSecret(current);
    if (sent === undefined) return stored;
    const known = stored && this.opens(tenant, tool, stored.secret);
    if (stored !== undefined && known === sent.secret) {
      return sent.overlap_sec === 0 ? withoutPrevious(stored) : stored;
    }
    const secret = this.sealer.seal(sent.secret, { tenant, callId: secretCallId(tool) });
    const fresh = {
      secret,
      secretId: `sec_${this.clock.newName()}`,
      secretMask: secretMask(sent.secret),
    };
    const overlapMs = (sent.overlap_sec ?? OVERLAP_SEC) * 1_000;
    if (stored === undefined || known === undefined || overlapMs === 0) return fresh;
    return { ...fresh, previous: { secret: stored.secret, secretId: stored.secretId, until: now + overlapMs } };
  }

  /** Undefined when the key that sealed it is gone: a secret sent anew then takes its place. */
  private opens(tenant: string, tool: string, secret: StoredSecret['secret']): unknown {
    try {
      return this.sealer.open(secret, { tenant, callId: secretCallId(tool) });
    } catch {
      return undefined;
    }
  }
}

const storedSecret = ({ secret, secretId, secretMask, previous }: ToolDocument): StoredSecret => ({
  secret,
  secretId,
  secretMask,
  ...(previous === undefined ? {} : { previous }),
});

const withoutPrevious = ({ previous: _, ...stored }: StoredSecret): StoredSecret => stored;
