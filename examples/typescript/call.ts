/*
 * A governed call with plain fetch.
 *
 *   TOLLGATE_URL=http://127.0.0.1:8080 TOLLGATE_KEY=tg_live_… node examples/typescript/call.ts order-42
 */
const { TOLLGATE_URL: url, TOLLGATE_KEY: key } = process.env;
const [order = `order-${Date.now()}`] = process.argv.slice(2);

interface Answer {
  readonly decision: 'executed' | 'dedup' | 'blocked' | 'failed';
  readonly policy_reason: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly call_id: string;
}

const response = await fetch(`${url}/v1/ai/run`, {
  method: 'POST',
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': order },
  body: JSON.stringify({
    agent_id: 'sample-agent',
    tool: 'payments.charge',
    args: { customer: 'cus_42', amount_usd: 12 },
    spend_usd: 12,
  }),
  signal: AbortSignal.timeout(35_000),
});
if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);

const answer = (await response.json()) as Answer;
switch (answer.decision) {
  case 'executed':
    console.log('charged:', answer.result?.['charge_id']);
    break;
  case 'dedup':
    console.log('charged before:', answer.result?.['charge_id']);
    break;
  case 'blocked':
    console.log('not allowed:', answer.policy_reason);
    break;
  case 'failed':
    // Never "try another way" after an unknown outcome: it may have been done.
    if (answer.policy_reason === 'outcome_unknown') console.log('nobody knows yet, ask an operator:', answer.call_id);
    else console.log('not done:', answer.result?.['error']);
}
