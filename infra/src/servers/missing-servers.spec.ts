import { missingServersMessage } from './missing-servers.js';

describe('the message when servers are missing', () => {
  it('names the exact commands for what is missing, and only for that', () => {
    const message = missingServersMessage(['nats', 'redis']);
    expect(message).toContain(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends nats-server redis-server',
    );
    expect(message).toContain('brew install nats-server redis\n');
    expect(message).toContain('sudo systemctl start docker');
    expect(message).toContain('docker pull nats:2.10 && docker pull redis:7\n');
    expect(message).toContain('"docker info" answers, npm start');
    expect(message).toContain('NATS_URL, REDIS_URL to');
    expect(message).not.toContain('postgres');
  });

  it('says why apt did not help when it was tried', () => {
    expect(missingServersMessage(['nats'], 'E: no network')).toContain('apt was tried and failed:\n  E: no network');
  });
});
