import { text } from '../../command/option.js';

const OF_AGENT = 'agent:';

/** Whose a tool of this scope is; undefined for one that is everybody's. */
export const agentOfScope = (scope: string): string | undefined =>
  scope.startsWith(OF_AGENT) ? scope.slice(OF_AGENT.length) : undefined;

/** Most tools are everybody's. */
export const SCOPE = { scope: text('<scope>', 'global, or agent:<id> for a tool of one agent (global)') };
