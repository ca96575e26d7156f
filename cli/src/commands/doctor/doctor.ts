import { command } from '../../command/command.js';
import { EXIT } from '../../exit-code.js';
import { CHECKS } from './checks/index.js';
import { doctorText } from './doctor-text.js';
import { gathered } from './gathered.js';

export const doctor = command({
  words: 'doctor',
  summary: 'looks over a live set-up, and says what to mend to have it safe',
  takes: [],
  options: {},
  about: [
    'It changes nothing. Use an admin key: an agent key may see little. What is to be mended makes the exit code 1; a note',
    'does not. --json is {"ok":…,"findings":[{"check","level":"ok"|"note"|"mend","what","mend"?}]}.',
  ].join('\n'),
  examples: ['doctor', 'doctor --json | jq \'.findings[] | select(.level == "mend")\''],
  async run(_given, { api, terminal }) {
    const facts = await gathered(api, Date.now());
    const findings = CHECKS.flatMap((check) => check(facts));
    const ok = findings.every(({ level }) => level !== 'mend');
    return {
      answer: { ok, findings },
      text: doctorText(findings, terminal.style),
      exit: ok ? EXIT.done : EXIT.failed,
    };
  },
});
