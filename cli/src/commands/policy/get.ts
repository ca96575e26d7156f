import { path } from '../../api/path.js';
import { command } from '../../command/command.js';
import { policiesText, policyText, type StoredPolicy } from './policy-text.js';

export const policyGet = command({
  words: 'policy get',
  summary: 'the policy of an agent, or all policies, as YAML',
  takes: ['[agent]'],
  options: {},
  about: 'What it prints about one agent is what `policy set` takes.',
  examples: ['policy get billing > billing.yaml', 'policy get --json'],
  async run({ args: [agent] }, { api }) {
    if (agent === undefined) {
      const answer = await api.get<readonly StoredPolicy[]>('/v1/policies');
      return { answer, text: policiesText(answer) };
    }
    const answer = await api.get<StoredPolicy>(path`/v1/policies/${agent}`);
    return { answer, text: policyText(answer) };
  },
});
