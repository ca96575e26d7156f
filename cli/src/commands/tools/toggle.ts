import { path, query } from '../../api/path.js';
import { command } from '../../command/command.js';
import { SCOPE } from './scope.js';

const toggle = (enabled: boolean, summary: string) => {
  const verb = enabled ? 'enable' : 'disable';
  return command({
    words: `tools ${verb}`,
    summary,
    takes: ['<tool>'],
    options: SCOPE,
    examples: [`tools ${verb} charge`],
    async run({ args: [name = ''], options: { scope } }, { api }) {
      const answer = await api.post(`${path`/v1/tools/${name}/toggle`}${query({ scope_id: scope })}`, { enabled });
      return { answer, text: `${verb}d ${name}\n` };
    },
  });
};

export const toolsEnable = toggle(true, 'lets a disabled tool be called again');
export const toolsDisable = toggle(false, 'keeps a tool from being called, by anybody');
