/*
 * A tool for LangChain.js whose calls are governed. The model sees an ordinary tool; what it may do, how often and for how
 * much is decided by Tollgate.
 *
 *   npm install @langchain/core zod, and take agent-loop/tollgate.ts along
 *   TOLLGATE_URL=http://127.0.0.1:8080 TOLLGATE_KEY=tg_live_… node examples/langchain-tool.ts toolcall-42
 */
import { tool, type ToolRunnableConfig } from '@langchain/core/tools';
import { z } from 'zod';
import { callTool, type Outcome } from './agent-loop/tollgate.ts';

const Charge = z.object({ customer: z.string(), amount_usd: z.number().positive() });

export const chargeCustomer = tool(
  async (args: z.infer<typeof Charge>, config: ToolRunnableConfig) => {
    // A graph that is resumed, or a node that is retried, repeats the model's tool call with its id: not a second act.
    const id = config.toolCall?.id;
    if (id === undefined) throw new Error('call it with a tool call, so that a repeat can be told from another charge');
    const call = { tool: 'payments.charge', args, spendUsd: args.amount_usd, idempotencyKey: id };
    const runId = String(config.configurable?.['thread_id'] ?? id);
    return told(await callTool({ agentId: 'sample-agent', runId, ...call }));
  },
  { name: 'charge_customer', description: 'Charges a customer, in US dollars.', schema: Charge },
);

/** What the model reads. A block is information, no exception: it may choose something else. */
function told(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'done':
      return JSON.stringify(outcome.result);
    case 'blocked':
      return `Not allowed (${outcome.reason}). Do not try it again in this conversation.`;
    case 'failed':
      return `Not done (${outcome.error}).`;
    case 'unknown':
      // An agent that is told so could charge once more: a person must look first.
      throw new Error(`nobody knows what became of ${outcome.callId ?? 'the call'}`);
  }
}

if (import.meta.main) {
  const [id = `toolcall-${Date.now()}`] = process.argv.slice(2);
  // As a model asks for it; in an agent, give `[chargeCustomer]` to the model and to the node that runs tools.
  const asked = {
    type: 'tool_call',
    name: 'charge_customer',
    id,
    args: { customer: 'cus_42', amount_usd: 12 },
  } as const;
  const message = await chargeCustomer.invoke(asked);
  console.log(message.content);
}
