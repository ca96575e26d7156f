import { path } from '../../api/path.js';
import { command } from '../../command/command.js';
import { text } from '../../command/option.js';
import { readDocument } from '../../input/document.js';
import { policyText, type StoredPolicy } from './policy-text.js';

export const policyTemplate = command({
  words: 'policy template',
  summary: 'caps of an agent from a template: strict, moderate, permissive, read_only, support_bot',
  takes: ['<agent>', '<template>'],
  options: {
    with: text('<file>', 'a policy, YAML or JSON, whose members go over those of the template'),
  },
  about: 'A template says how much an agent may do, and nothing of tools: lists and prices stay as they are.',
  examples: ['policy template billing strict', 'policy template support support_bot --with tools.yaml'],
  async run({ args: [agent = '', template = ''], options }, { api, terminal }) {
    const overrides = options.with === undefined ? {} : { overrides: await readDocument(options.with, terminal) };
    const answer = await api.post<StoredPolicy>(path`/v1/policies/${agent}/from-template`, { template, ...overrides });
    return { answer, text: policyText(answer) };
  },
});
