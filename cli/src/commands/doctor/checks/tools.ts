import type { Tool } from '../../tools/tools-text.js';
import { orFine, type Check, type Finding } from '../finding.js';

const check = 'tools';

export const tools: Check = ({ tenant }) => {
  if (tenant === undefined) return [];
  if (tenant.tools.length === 0) {
    return [{ check, level: 'note', what: 'none is registered', mend: 'tollgate tools register --help' }];
  }
  const enabled = tenant.tools.filter((tool) => tool.enabled);
  const fine: Finding = { check, level: 'ok', what: `${enabled.length} enabled, none of which may act twice unseen` };
  return orFine(tenant.tools.flatMap(ofTool), fine);
};

const ofTool = (tool: Tool): readonly Finding[] =>
  tool.enabled ? [...unknowns(tool), ...windows(tool), ...clear(tool)] : [note(tool, 'is disabled', 'tools enable')];

/** What becomes of a call when nobody knows whether the tool has acted. */
function unknowns(tool: Tool): readonly Finding[] {
  if (tool.on_unknown === 'fail' && tool.dedup_window_sec > 0) {
    const what = `${tool.name} gives money and key back when nobody knows whether it acted: the next call may act twice`;
    return [{ check, level: 'mend', what, mend: `tollgate tools register ${tool.name} --on-unknown hold` }];
  }
  if (tool.on_unknown === 'retry') {
    return [
      note(tool, 'is sent unknown calls again: right only where it knows the Idempotency-Key', 'docs/tool-backends.md'),
    ];
  }
  return [];
}

const windows = (tool: Tool): readonly Finding[] =>
  tool.dedup_window_sec === 0 && tool.on_unknown !== 'fail'
    ? [note(tool, 'has no dedup window, so that every repeat acts: right for reads only', '--dedup-window-sec 86400')]
    : [];

const clear = ({ name, url }: Tool): readonly Finding[] =>
  url.startsWith('http:') && !/^http:\/\/(localhost|127\.|\[::1\])/.test(url)
    ? [
        {
          check,
          level: 'note',
          what: `${name} is called over http: signed, and readable by whoever is between`,
          mend: 'an https url',
        },
      ]
    : [];

const note = ({ name }: Tool, what: string, mend: string): Finding => ({
  check,
  level: 'note',
  what: `${name} ${what}`,
  mend,
});
