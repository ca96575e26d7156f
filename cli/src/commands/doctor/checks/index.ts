import type { Check } from '../finding.js';
import { agents, openDefault } from './agents.js';
import { inDoubt } from './calls.js';
import { agentKeys, endingKeys, ownKey, wideKeys } from './keys.js';
import { planCaps, policies } from './policies.js';
import { durability, readiness, transport } from './server.js';
import { tools } from './tools.js';

/** The safe-deployment checklist, in the order in which it is shown. */
export const CHECKS: readonly Check[] = [
  transport,
  readiness,
  durability,
  ownKey,
  agentKeys,
  wideKeys,
  endingKeys,
  tools,
  policies,
  planCaps,
  agents,
  openDefault,
  inDoubt,
];
