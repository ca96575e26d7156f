import { stringify } from 'yaml';
import { plain } from '../../text/plain.js';
import { isoTime } from '../../text/time.js';

export interface StoredPolicy {
  readonly agent_id: string;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly updated_at: string;
}

/** As YAML that `policy set` takes again. */
export function policyText({ agent_id, policy, version, updated_at }: StoredPolicy): string {
  const { agent_id: _named, ...rules } = policy;
  const head = `# ${plain(agent_id)}, version ${version}, of ${isoTime(updated_at)}\n`;
  return head + (Object.keys(rules).length === 0 ? '{} # no limit of any kind\n' : stringify(rules));
}

export const policiesText = (policies: readonly StoredPolicy[]): string =>
  policies.length === 0 ? 'no policies\n' : policies.map(policyText).join('\n---\n');
