import { secretCallId, type ToolDocument } from '@tollgate/events';
import type { Sealer } from '@tollgate/sealing';

/** A tool's secret, and the one before it, which signs as well while the two overlap. */
export interface SigningSecrets {
  readonly secret: string;
  /** `until` in ms since the epoch. */
  readonly previous?: { readonly secret: string; readonly until: number };
}

/** Throws where the secret cannot be opened; one that it has replaced only goes missing. */
export function openSecrets(sealer: Sealer, tenant: string, { name, secret, previous }: ToolDocument): SigningSecrets {
  const open = (envelope: ToolDocument['secret']): string =>
    String(sealer.open(envelope, { tenant, callId: secretCallId(name) }));
  const opened = { secret: open(secret) };
  if (previous === undefined) return opened;
  try {
    return { ...opened, previous: { secret: open(previous.secret), until: previous.until } };
  } catch {
    return opened;
  }
}

/** What signs a request at this time. */
export const secretsAt = ({ secret, previous }: SigningSecrets, now: number) =>
  previous !== undefined && now < previous.until ? { secret, previousSecret: previous.secret } : { secret };
