import { orFine, type Check, type Finding } from '../finding.js';

const check = 'calls';

export const inDoubt: Check = ({ tenant }) => {
  if (tenant === undefined) return [];
  const found: Finding[] = tenant.inDoubt.map(({ call_id, tool, agent_id }) => ({
    check,
    level: 'mend',
    what: `${call_id} is in doubt: did ${tool} act for ${agent_id}? Its key and money are held`,
    mend: `look at the tool, then tollgate calls resolve ${call_id} executed|failed --note …`,
  }));
  return orFine(found, { check, level: 'ok', what: 'none in doubt' });
};
