import { directAgent } from './agent.js';
import type { Agent } from './agent.js';
import { GovernedSide } from './governed-side.js';
import { claim, count, usd } from './story.js';
import type { Story } from './story.js';
import type { Surroundings } from './surroundings.js';
import { serveTool } from './tool-server.js';
import { SEARCH_PRICE_USD, webSearch } from './tools.js';

const ROUNDS = 600;
const DAILY_CAP_USD = 20;

/** A paid search that never finds enough, and an agent that therefore rephrases and searches again. */
export async function searchLoop(around: Surroundings): Promise<Story> {
  const directly = await playDirectly(around);
  const governed = await playThroughTollgate(around);
  return {
    title: 'A search loop that nobody watches',
    plot: `Each search costs ${usd(SEARCH_PRICE_USD)}. The agent is never satisfied, and tries ${count(ROUNDS)} wordings.`,
    figures: [
      { what: 'searches at the provider', direct: count(directly.searches), governed: count(governed.searches) },
      { what: "the provider's bill", direct: usd(directly.bill_usd), governed: usd(governed.bill_usd) },
    ],
    claims: [
      claim('directly, the loop costs $480', '$480.00', usd(directly.bill_usd)),
      claim(
        `through Tollgate, it stops at the daily cap of $${DAILY_CAP_USD}`,
        usd(DAILY_CAP_USD),
        usd(governed.bill_usd),
      ),
      claim(
        'every later search is refused, with the cap as the reason',
        ROUNDS - DAILY_CAP_USD / SEARCH_PRICE_USD,
        governed.reasons.filter((reason) => reason === 'max_spend_usd_per_day_exceeded').length,
      ),
    ],
    runId: governed.runId,
    toolCalls: governed.searches,
  };
}

async function playDirectly({ atEnd }: Surroundings) {
  const tool = atEnd.use(await serveTool(webSearch()));
  await loop(directAgent([{ name: tool.name, url: tool.url }]));
  return tool.counters();
}

async function playThroughTollgate(around: Surroundings) {
  const side = await GovernedSide.prepare(around, 'search', {
    allowed_tools: ['web.search'],
    max_spend_usd_per_day: DAILY_CAP_USD,
    pricing_rules: [{ tool: 'web.search', price_usd: SEARCH_PRICE_USD }],
  });
  const tool = await side.serve(webSearch());
  const reasons = await loop(side.agent());
  return { runId: side.id, reasons, ...(await tool.counters()) };
}

/** The runaway agent: also a refusal only makes it try other words. Answers why each search was let through or not. */
async function loop(agent: Agent): Promise<readonly (string | undefined)[]> {
  const reasons: (string | undefined)[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const query = `flights to Lisbon under $100, wording ${round}`;
    const { policy_reason, result } = await agent.call('web.search', { query });
    reasons.push(policy_reason);
    if (result?.['satisfied'] === true) break;
  }
  return reasons;
}
