import { fresh } from '../../contract/installed.js';
import { CommandLine } from '../../harness/index.js';
import type { Administrator } from './administrator.js';

export function locksAndLeases(admin: Administrator): void {
  const { tollgate, file, type, json, done } = admin;

  it('lock, lease acquire | status | extend | complete | result | fail | reset | cancel', async () => {
    const [locked, key, failing] = [fresh('lock'), fresh('lease'), fresh('lease')];
    expect(await done('lock', locked, '--ttl', '60')).toBe(`locked: ${locked}, for 60 s\n`);
    expect(await type('lock', locked)).toMatchObject({ code: 6, out: expect.stringContaining('duplicate') });

    const { lease_id } = await json('lease', 'acquire', key, '--ttl', '60');
    expect(await type('lease', 'acquire', key)).toMatchObject({ code: 6, out: expect.stringMatching(/^polling/) });
    expect(await done('lease', 'status', key)).toMatch(/^in_progress: /);
    expect(await done('lease', 'extend', key, lease_id, '--ttl', '90')).toMatch(/^extended: (.*\n)+ +version +2/);
    await done('lease', 'complete', key, lease_id, '--result', file('done.yaml', 'rows: 3'));
    expect(await done('lease', 'result', key)).toContain('{"rows":3}');
    expect(await type('lease', 'acquire', key)).toMatchObject({ code: 6, out: expect.stringMatching(/^completed/) });

    const second = await json('lease', 'acquire', failing);
    expect(await done('lease', 'fail', failing, second.lease_id, 'file_missing')).toContain('file_missing');
    await done('lease', 'reset', failing);
    const third = await json('lease', 'acquire', failing);
    expect(await done('lease', 'cancel', failing, third.lease_id)).toMatch(/^canceled/);
    expect(await type('lease', 'cancel', failing, 'lease_of_another')).toMatchObject({ code: 1 });
  });

  it('lock: 6 for a duplicate that the server answers 409, too', async () => {
    const gateway = await tollgate().startProcess('gateway', { TOLLGATE_CHECK_LOCK_DUPLICATES: 'conflict' });
    const strict = CommandLine.of(tollgate().apiOf(gateway), admin.folder);
    const key = fresh('lock');
    expect(await strict.type('lock', key)).toMatchObject({ code: 0 });
    const told = { code: 6, out: expect.stringContaining(`duplicate: ${key}, first seen 2`), err: '' };
    expect(await strict.type('lock', key)).toEqual(told);
    const { code, out } = await strict.type('lock', key, '--json');
    expect([code, JSON.parse(out)]).toMatchObject([6, { detail: { error: 'Duplicate blocked' } }]);
    await gateway.stop();
  });
}
