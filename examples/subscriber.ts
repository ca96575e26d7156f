/*
 * Hears of every decision, also of those that were made while it was away, and says which ones a person should look at.
 * It needs credentials for the broker, so it runs with the installation, not with agents.
 *
 *   NATS_URL=nats://user:password@127.0.0.1:4222 node examples/subscriber.ts alerts
 */
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

/** CloudEvents 1.0; `data` is a row of `GET /v1/agents/{agent_id}/logs`: hashes, never arguments or results. */
interface Decision {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly data: {
    readonly agent_id: string;
    readonly tool: string;
    readonly decision: string;
    readonly policy_reason: string;
    readonly risk_level: string;
    readonly call_id: string;
  };
}

const STREAM = 'DECISIONS';
const [durable = 'alerts'] = process.argv.slice(2);
const url = new URL(process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222');
const connection = await connect({ servers: url.host, user: url.username, pass: url.password });

// The broker keeps the place of a durable consumer. tollgate.v1.decision.<tenant>.<decision>.<agent>, `*` for any.
const filter_subject = 'tollgate.v1.decision.*.*.*';
const manager = await jetstreamManager(connection);
await manager.consumers.add(STREAM, { durable_name: durable, ack_policy: AckPolicy.Explicit, filter_subject });
const consumer = await jetstream(connection).consumers.get(STREAM, durable);

process.once('SIGTERM', () => void connection.drain());
console.log('following', STREAM);
for await (const message of await consumer.consume()) {
  const { id, source, data } = message.json<Decision>();
  if (data.risk_level === 'high' || data.risk_level === 'critical') {
    console.log(JSON.stringify({ id, source, ...data }));
  }
  // Only when it has been dealt with. Who dies before that hears it again: remember the ids of what you acted on.
  message.ack();
}
