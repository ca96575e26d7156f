import { fresh } from '../../contract/installed.js';
import type { Administrator } from './administrator.js';

export function account(admin: Administrator): void {
  const { file, type, json, done } = admin;

  it('runs note, metrics, me and notifications', async () => {
    const run = fresh('run');
    const data = file('note.json', '{"steps":3}');
    expect(await done('runs', 'note', run, 'planned', '--message', 'so far', '--data', data)).toMatch(
      /^noted: event \d+\n$/,
    );
    expect(await done('runs', 'show', run)).toMatch(/said by the client\n.*planned +{"steps":3}, "so far"\n$/);
    const once = ['runs', 'note', run, 'scored', '--req-id', 'r-1', '--json'] as const;
    expect((await type(...once)).out).toBe((await type(...once)).out);

    await done('lock', fresh('lock'));
    const today = new Date().toISOString().slice(0, 10);
    expect(await done('metrics', today, today)).toMatch(/^day +checks .*\n\d{4}-\d\d-\d\d +[1-9]\d* /);
    expect(await done('me')).toMatch(/^plan +unlimited$/m);
    expect(await type('notifications')).toMatchObject({ code: 2, out: '' });
    await done('notifications', '--email', 'on');
    const toldOf = { email_notifications_enabled: true, run_failure_notifications_enabled: false };
    expect(await json('notifications', '--run-failures', 'off')).toMatchObject(toldOf);
    expect(await json('me')).toMatchObject(toldOf);
  });

  it('usage, and events: the newest first, or behind one', async () => {
    expect(await done('usage')).toMatch(
      /^plan unlimited, \d{4}-\d\d\nkind .*\nmake +\d+ +unlimited .*\nai +\d+ +unlimited /,
    );
    expect(await json('usage', '--kind', 'ai')).toMatchObject({ plan: 'unlimited', limit: 0 });
    const key = fresh('lock');
    await done('lock', key);
    expect(await done('events', '--limit', '1')).toMatch(new RegExp(`^\\S+ \\S+ +\\d+ +locked +${key} `));
    const [{ id }] = await json('events', '--limit', '1');
    expect(await done('events', '--after', String(id))).toBe('no events\n');
    expect(await json('events', '--after', String(id - 1))).toMatchObject([{ id, key }]);
  });
}
