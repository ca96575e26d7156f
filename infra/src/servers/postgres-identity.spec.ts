import { accounts, invoke } from './postgres-identity.js';

describe('the identity of Postgres', () => {
  it('prefers the account that the distribution made for it', () => {
    const passwd = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/no\npostgres:x:101:104::/:/bin/sh\n';
    expect(accounts(passwd)).toEqual([
      { uid: 101, gid: 104 },
      { uid: 65_534, gid: 65_534 },
    ]);
  });

  it('knows none where there is none', () => {
    expect(accounts('root:x:0:0::/root:/bin/sh\n')).toEqual([]);
  });

  it('puts the user namespace in front of the command', () => {
    const { command, args } = invoke({ kind: 'namespace', unshare: '/bin/unshare' }, '/pg/postgres', ['-D', 'x']);
    expect(command).toBe('/bin/unshare');
    expect(args.slice(-3)).toEqual(['/pg/postgres', '-D', 'x']);
  });
});
