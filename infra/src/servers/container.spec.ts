import { containerCommand } from './container.js';
import { postgresContainer } from './postgres.js';

const call = { docker: '/bin/docker', image: 'nats:2.10', folder: '/data/nats', port: 20_001, args: ['--config', 'x'] };

describe('a server in a container', () => {
  it('is published on loopback only and removed when it ends', () => {
    const { command, args } = containerCommand({ ...call, entrypoint: 'nats-server' }, '1000:1000');
    expect(command).toBe('/bin/docker');
    expect(args.join(' ')).toContain('--publish 127.0.0.1:20001:20001');
    expect(args).toContain('--rm');
    expect(args.slice(-5)).toEqual(['--entrypoint', 'nats-server', 'nats:2.10', '--config', 'x']);
  });

  it('stays in front, so that the signals of the client reach it', () => {
    expect(containerCommand(call).args).not.toContain('--detach');
  });

  it('gets the password of Postgres as a file, never on the command line', () => {
    const program = { kind: 'container', docker: '/bin/docker', image: 'postgres:18' } as const;
    expect(postgresContainer(program, '/data/postgres', 20_002).args).toContain(
      'POSTGRES_PASSWORD_FILE=/data/postgres/password',
    );
  });
});
