import { signHex, standardWebhooksSignature, type JsonValue } from '@tollgate/sealing';

/** What a tool is told about a call. */
export interface Dispatch {
  readonly tool: string;
  readonly agent: string;
  readonly args: JsonValue;
  readonly runId: string;
  readonly callId: string;
  readonly requestId: string;
  /** Derived, never the caller's text; the same for every attempt. */
  readonly idempotencyKey: string;
}

/** What a tool is asked when nobody knows whether it acted. */
export type Inquiry = Pick<Dispatch, 'tool' | 'callId' | 'idempotencyKey'>;

export interface Signing {
  readonly secret: string;
  /** Signs beside it while a tool's old and new secret overlap. */
  readonly previousSecret?: string | undefined;
  /** Becomes the signed time stamp, in whole seconds. */
  readonly nowMs: number;
  /** W3C trace context of the attempt. */
  readonly traceparent?: string | undefined;
}

export interface SignedRequest {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** The request that calls a tool (contract section 6). */
export function dispatchRequest(dispatch: Dispatch, signing: Signing): SignedRequest {
  const members = {
    tool: dispatch.tool,
    agent_id: dispatch.agent,
    args: dispatch.args,
    run_id: dispatch.runId,
    call_id: dispatch.callId,
    request_id: dispatch.requestId,
    idempotency_key: dispatch.idempotencyKey,
  };
  return sign(members, dispatch.idempotencyKey, signing);
}

/** The request that asks a tool's `reconcile_url` what became of a call (contract section 6). */
export function reconcileRequest(inquiry: Inquiry, signing: Signing): SignedRequest {
  const { tool, idempotencyKey, callId } = inquiry;
  return sign({ tool, idempotency_key: idempotencyKey, call_id: callId }, idempotencyKey, signing);
}

function sign(
  members: { [member: string]: JsonValue },
  id: string,
  { secret, previousSecret, nowMs, traceparent }: Signing,
): SignedRequest {
  const timestamp = Math.floor(nowMs / 1_000);
  const body = Buffer.from(JSON.stringify({ ...members, timestamp }));
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret];
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'Tollgate',
    'X-OnceOnly-Signature': signHex(secret, body),
    // A header of its own, so that who knows nothing of it finds in the first what is always there.
    ...(previousSecret === undefined ? {} : { 'X-OnceOnly-Signature-Previous': signHex(previousSecret, body) }),
    'X-OnceOnly-Signature-Alg': 'hmac_sha256',
    'X-OnceOnly-Timestamp': String(timestamp),
    'Idempotency-Key': id,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map((one) => standardWebhooksSignature(one, id, timestamp, body)).join(' '),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return { headers, body };
}
