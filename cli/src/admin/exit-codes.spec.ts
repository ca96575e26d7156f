import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../main.js');
/** Nobody listens there. */
const NOWHERE = { NATS_URL: 'nats://127.0.0.1:9', DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' };

const typed = (...words: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'admin', ...words], {
    env: { ...NOWHERE },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

describe('what a script knows of tollgate admin', () => {
  it.each([
    ['NATS', ['tenant', 'list']],
    ['NATS', ['projections', 'list']],
    ['Postgres', ['parked', 'list']],
    ['Postgres', ['parked', 'settle', 'lease:DISPATCH-0:1:0', 'nothing']],
  ])('%s is away: 3, said on standard error alone (%j)', (server, words) => {
    expect(typed(...words, '--json')).toEqual({
      status: 3,
      stdout: '',
      stderr: expect.stringContaining(`tollgate: ${server} cannot be reached`),
    });
  });

  it('wrong usage is 2, and what is refused 1', () => {
    expect(typed('tenant', 'destroy')).toMatchObject({ status: 2, stdout: '' });
    expect(typed('tenant', 'email', 'default', 'nobody')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'tollgate: this is no mail address\n',
    });
  });
});
