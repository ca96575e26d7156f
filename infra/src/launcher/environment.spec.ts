import { serviceEnvironment } from './environment.js';

const around = {
  given: {},
  servers: [{ name: 'nats' as const, url: 'nats://private' }],
  sealingKeyFile: '/data/sealing-keys',
  firstAdminKey: undefined,
  traces: undefined,
};

describe('the environment of the services', () => {
  it('says where the private servers are and lets tools live on this machine', () => {
    expect(serviceEnvironment(around)).toEqual({
      NATS_URL: 'nats://private',
      TOLLGATE_SEALING_KEY_FILE: '/data/sealing-keys',
      TOLLGATE_TOOL_ADDRESSES: 'loopback',
    });
  });

  it('keeps what the person set', () => {
    const given = { TOLLGATE_TOOL_ADDRESSES: 'public', REDIS_URL: 'redis://own', LOG_LEVEL: 'debug' };
    expect(serviceEnvironment({ ...around, given })).toMatchObject(given);
  });

  it('names no key file beside keys of one’s own', () => {
    const given = { TOLLGATE_SEALING_KEYS: 'k1:…' };
    expect(serviceEnvironment({ ...around, given })).not.toHaveProperty('TOLLGATE_SEALING_KEY_FILE');
  });

  it('hands on the admin key on the first start only', () => {
    expect(serviceEnvironment(around)).not.toHaveProperty('TOLLGATE_ADMIN_KEY');
    expect(serviceEnvironment({ ...around, firstAdminKey: 'tg_live_x' })).toHaveProperty(
      'TOLLGATE_ADMIN_KEY',
      'tg_live_x',
    );
  });

  it('sends spans to the tracing UI when there is one', () => {
    expect(serviceEnvironment({ ...around, traces: 'http://127.0.0.1:4318' })).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    });
  });
});
