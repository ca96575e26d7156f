import { SAMPLE_AGENT } from './first-start.js';
import { SAMPLE_TOOL } from './sample-tool.js';

export interface FirstWelcome {
  readonly base: string;
  readonly agentKey: string;
  /** Undefined when it is the person's own. */
  readonly adminKey: string | undefined;
}

/** The only time the keys are shown. */
export function firstWelcome({ base, agentKey, adminKey }: FirstWelcome): string {
  return [
    '',
    ...(adminKey === undefined ? [] : [`  admin key   ${adminKey}`]),
    `  agent key   ${agentKey}   (speaks for ${SAMPLE_AGENT})`,
    '',
    '  Keep them: they are shown this once, and only their hashes are stored.',
    '',
    'A governed call of the sample tool:',
    '',
    curl(base, agentKey),
    '',
    'The same again answers "dedup": the tool is not called a second time. Change the args for another call.',
  ].join('\n');
}

export function curl(base: string, key: string): string {
  const call = {
    agent_id: SAMPLE_AGENT,
    tool: SAMPLE_TOOL,
    args: { customer: 'cus_42', amount_usd: 12 },
    spend_usd: 12,
  };
  return [
    `curl -s ${base}/v1/ai/run \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(call)}'`,
  ].join('\n');
}
