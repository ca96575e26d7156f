import { directAgent } from './agent.js';
import { startDroppingProxy } from './dropping-proxy.js';
import { GovernedSide } from './governed-side.js';
import { claim, count, usd } from './story.js';
import type { Story } from './story.js';
import type { Surroundings } from './surroundings.js';
import { serveTool } from './tool-server.js';
import { paymentsCharge } from './tools.js';

const CHARGE = { customer: 'cus_8472', amount_usd: 120 };

/** The answer to a charge is lost on the way; the agent, which cannot know whether it worked, asks again. */
export async function charge(around: Surroundings): Promise<Story> {
  const directly = await playDirectly(around);
  const governed = await playThroughTollgate(around);
  const [first] = governed.charge_ids;
  return {
    title: 'A charge whose connection drops, and is retried',
    plot: `The answer to a charge of ${usd(CHARGE.amount_usd)} is lost on the way. The agent asks again.`,
    figures: [
      { what: 'requests that left the agent', direct: count(directly.sent), governed: count(governed.sent) },
      { what: 'answers lost on the way', direct: count(directly.lost), governed: count(governed.lost) },
      {
        what: 'charges at the payment provider',
        direct: count(directly.charge_ids.length),
        governed: count(governed.charge_ids.length),
      },
      { what: 'taken from the customer', direct: usd(directly.charged_usd), governed: usd(governed.charged_usd) },
    ],
    claims: [
      claim('directly, the customer is charged twice', 2, directly.charge_ids.length),
      claim('through Tollgate, once', 1, governed.charge_ids.length),
      claim('the agent asked twice there too', 2, governed.sent),
      claim('its second answer is a dedup', 'dedup', governed.answer.decision),
      claim('with the result of the first call', first ?? 'a charge', String(governed.answer.result?.['charge_id'])),
    ],
    runId: governed.runId,
    toolCalls: governed.charge_ids.length,
  };
}

async function playDirectly({ atEnd }: Surroundings) {
  const tool = atEnd.use(await serveTool(paymentsCharge()));
  const network = atEnd.use(await startDroppingProxy(tool.url));
  await directAgent([{ name: tool.name, url: network.url }]).call(tool.name, CHARGE);
  return { sent: network.forwarded, lost: network.dropped, ...(await tool.counters()) };
}

async function playThroughTollgate(around: Surroundings) {
  const side = await GovernedSide.prepare(around, 'charge', { allowed_tools: ['payments.charge'] });
  const tool = await side.serve(paymentsCharge());
  const network = around.atEnd.use(await startDroppingProxy(around.tollgate.base));
  const answer = await side.agent(network.url).call(tool.name, CHARGE);
  return { runId: side.id, answer, sent: network.forwarded, lost: network.dropped, ...(await tool.counters()) };
}
