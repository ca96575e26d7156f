import { installed } from '../contract/installed.js';
import { account } from './command-line/account.js';
import { administration } from './command-line/administration.js';
import { Administrator } from './command-line/administrator.js';
import { calls } from './command-line/calls.js';
import { doctor } from './command-line/doctor.js';
import { inAShell } from './command-line/in-a-shell.js';
import { jobs } from './command-line/jobs.js';
import { locksAndLeases } from './command-line/locks-and-leases.js';

const GROUPS = [administration, calls, locksAndLeases, jobs, account, doctor, inAShell];

describe('npx tollgate, against a live installation', () => {
  const admin = new Administrator(installed());
  beforeAll(() => admin.begin());
  afterAll(() => admin.end());

  for (const group of GROUPS) group(admin);

  it('has every command of its help typed here', async () => {
    const { out } = await admin.type('--help');
    const [, listed = ''] = /^Commands\n(.*?)\n\n/ms.exec(out) ?? [];
    const words = [...listed.matchAll(/^ {2}([a-z]+(?: [a-z]+)?)/gm)].map(([, command = '']) => command);
    // The source of the groups above, and of no other: a group that is not played has typed nothing.
    const typed = GROUPS.map(String).join('\n');
    const quoted = (command: string) =>
      command
        .split(' ')
        .map((word) => `'${word}'`)
        .join(', ');
    expect(words.length).toBeGreaterThan(30);
    expect(words.filter((command) => !typed.includes(quoted(command)))).toEqual([]);
  });
});
