import { command } from '../../command/command.js';
import { oneOf } from '../../command/option.js';
import { members } from '../../text/members.js';
import { UsageError } from '../../usage-error.js';

const onOff = (about: string) => oneOf(['on', 'off'], about);
const isOn = (given: 'on' | 'off' | undefined) => (given === undefined ? undefined : given === 'on');

export const notifications = command({
  words: 'notifications',
  summary: 'what the tenant wants to be told',
  takes: [],
  options: {
    email: onOff('by mail; alone it sets all three'),
    'tool-errors': onOff('of calls whose tool failed'),
    'run-failures': onOff('of runs that failed'),
  },
  about: 'It is stored for whoever runs the installation; Tollgate sends no mail. `me` shows how it is.',
  examples: ['notifications --email on', 'notifications --tool-errors on --run-failures off'],
  async run({ options }, { api }) {
    const sent = {
      email_notifications_enabled: isOn(options.email),
      tool_error_notifications_enabled: isOn(options['tool-errors']),
      run_failure_notifications_enabled: isOn(options['run-failures']),
    };
    if (Object.values(sent).every((value) => value === undefined)) {
      throw new UsageError('notifications needs one of --email, --tool-errors and --run-failures');
    }
    const answer = await api.post<Readonly<Record<string, unknown>>>('/v1/me/notifications', sent);
    return { answer, text: members(answer) };
  },
});
