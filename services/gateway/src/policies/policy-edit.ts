import { isDeepStrictEqual } from 'node:util';
import { microsFromUsd, usdFromMicros, type PolicyDocument } from '@tollgate/events';
import { isoTime } from '../http/times.js';
import type { PolicyBody } from './policy.schema.js';

/** What a policy restricts, without its agent and version. */
type Rules = Omit<PolicyDocument, 'agent' | 'version' | 'updatedAt'>;

/**
 * The policy after a POST: members that were not sent stay as they are, null or an empty list clears one. Clients adjust
 * single fields, and a lowered limit must not drop the allow list.
 */
export const mergedRules = (current: Rules | undefined, sent: PolicyBody): Rules => ({
  ...member(
    'mode',
    choose(sent.mode, (mode) => mode, current?.mode),
  ),
  ...member('allowedTools', choose(sent.allowed_tools, uniqueNames, current?.allowedTools)),
  ...member('blockedTools', choose(sent.blocked_tools, uniqueNames, current?.blockedTools)),
  ...member(
    'maxActionsPerHour',
    choose(sent.max_actions_per_hour, (limit) => limit, current?.maxActionsPerHour),
  ),
  ...member('maxSpendPerDay', choose(sent.max_spend_usd_per_day, microsFromUsd, current?.maxSpendPerDay)),
  ...member('maxCallsPerTool', choose(sent.max_calls_per_tool, callsOf, current?.maxCallsPerTool)),
  ...member('pricingRules', choose(sent.pricing_rules, pricesOf, current?.pricingRules)),
});

/** The next version, or the current one itself when nothing changes: a repeat is not a new version. */
export function nextPolicy(
  agent: string,
  current: PolicyDocument | undefined,
  rules: Rules,
  now: number,
): PolicyDocument {
  if (current !== undefined && isDeepStrictEqual(rulesOf(current), rules)) return current;
  return { agent, version: (current?.version ?? 0) + 1, updatedAt: now, ...rules };
}

/** A policy as answered. */
export const policyAnswer = (policy: PolicyDocument) => ({
  agent_id: policy.agent,
  policy: {
    ...member('mode', policy.mode),
    ...member('allowed_tools', policy.allowedTools),
    ...member('blocked_tools', policy.blockedTools),
    ...member('max_actions_per_hour', policy.maxActionsPerHour),
    ...member('max_spend_usd_per_day', mapped(policy.maxSpendPerDay, usdFromMicros)),
    ...member(
      'max_calls_per_tool',
      mapped(policy.maxCallsPerTool, (rules) => Object.fromEntries(rules.map(({ tool, calls }) => [tool, calls]))),
    ),
    ...member(
      'pricing_rules',
      mapped(policy.pricingRules, (rules) =>
        rules.map(({ tool, price }) => ({ tool, price_usd: usdFromMicros(price) })),
      ),
    ),
  },
  version: policy.version,
  updated_at: isoTime(policy.updatedAt),
});

function rulesOf({ agent: _agent, version: _version, updatedAt: _updatedAt, ...rules }: PolicyDocument): Rules {
  return rules;
}

function choose<S, V>(
  sent: S | null | undefined,
  convert: (sent: S) => V | undefined,
  current: V | undefined,
): V | undefined {
  if (sent === undefined) return current;
  return sent === null ? undefined : convert(sent);
}

const uniqueNames = (names: readonly string[]): string[] | undefined => filled([...new Set(names)]);

const callsOf = (rules: Readonly<Record<string, number>>): { tool: string; calls: number }[] | undefined =>
  filled(Object.entries(rules).map(([tool, calls]) => ({ tool, calls })));

const pricesOf = (
  rules: readonly { tool: string; price_usd: number }[],
): { tool: string; price: number }[] | undefined =>
  filled(rules.map(({ tool, price_usd }) => ({ tool, price: microsFromUsd(price_usd) })));

const filled = <T>(list: T[]): T[] | undefined => (list.length === 0 ? undefined : list);

const mapped = <T, R>(value: T | undefined, convert: (value: T) => R): R | undefined =>
  value === undefined ? undefined : convert(value);

function member<N extends string, T>(name: N, value: T | undefined): { readonly [name in N]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [name in N]?: T });
}
