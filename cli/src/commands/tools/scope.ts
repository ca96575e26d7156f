import { text } from '../../command/option.js';

/** Most tools are everybody's. */
export const SCOPE = { scope: text('<scope>', 'global, or agent:<id> for a tool of one agent (global)') };
