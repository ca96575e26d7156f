import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES } from '@tollgate/runtime';
import { root } from './compose-file.js';
import { copies, dockerfile, isSent } from './dockerfile.js';

const instructions = dockerfile();
const texts = (name: string) => instructions.filter((one) => one.name === name).map(({ text }) => text);
const inEveryService = (path: string) => SERVICE_NAMES.map((name) => path.replaceAll('${SERVICE}', name));

/** What the paths inside the image come from. */
const inProject = (path: string) => path.replace(/^\/app\/?/, './');

describe('the Dockerfile', () => {
  it('copies from the project only what is there and what Docker is sent', () => {
    const sources = copies(instructions).flatMap(({ from, sources }) => (from === undefined ? sources : []));
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.flatMap(inEveryService).filter((path) => !existsSync(join(root, path)) || !isSent(path))).toEqual(
      [],
    );
  });

  it('copies from its own stages only what is there, for each service', () => {
    const stages = texts('FROM').map((text) => text.split(' AS ')[1]);
    for (const { from, sources } of copies(instructions)) {
      if (from === undefined) continue;
      expect(stages).toContain(from);
      const missing = sources.flatMap(inEveryService).filter((path) => !existsSync(join(root, inProject(path))));
      expect(missing).toEqual([]);
    }
  });

  it("copies every package's manifest, so that the lock file fits", () => {
    const folders = ['libs', 'services'].flatMap((parent) =>
      readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
    );
    const manifests = [...folders, 'cli', 'infra', 'tests', 'examples'].map((folder) => `${folder}/package.json`);
    const copied = copies(instructions).flatMap(({ from, sources }) => (from === undefined ? sources : []));
    expect(manifests.filter((manifest) => !copied.includes(manifest))).toEqual([]);
  });

  it('builds every service with the compiler that is installed', () => {
    const [build = ''] = texts('RUN').filter((text) => text.includes('tsc -b'));
    const [, compiler = '', projects = ''] = /node (\S+) -b ((?:services\/\w+ ?)+)/.exec(build) ?? [];
    expect(existsSync(join(root, compiler))).toBe(true);
    expect(projects.trim().split(' ').sort()).toEqual(SERVICE_NAMES.map((name) => `services/${name}`).sort());
  });

  it('starts a file that each service has', () => {
    const [link = ''] = texts('RUN').filter((text) => text.startsWith('ln -s'));
    const [, , target = '', name] = link.split(' ');
    expect(texts('CMD')).toEqual([JSON.stringify(['node', name]).replace(',', ', ')]);
    const sources = inEveryService(target).map((path) => path.replace('/dist/', '/src/').replace(/\.js$/, '.ts'));
    expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('checks its health with a file that is in the image', () => {
    const [check = ''] = texts('HEALTHCHECK');
    const [, file = ''] = /CMD \["node", "(.+)"\]/.exec(check) ?? [];
    const copied = copies(instructions).flatMap(({ sources }) => sources);
    expect(copied).toContain(`infra/containers/${file}`);
  });

  it('runs on the Node that the project pins, and not as root', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    expect(texts('FROM')[0]).toBe(`node:${devDependencies['node'] ?? ''}-bookworm-slim AS node`);
    expect(texts('USER')).toEqual(['node']);
  });
});

describe('what Docker is sent', () => {
  it.each([
    '.env',
    '.git/config',
    '.tollgate/sealing-keys',
    'node_modules/x',
    'libs/events/node_modules/x',
    'libs/events/dist/index.js',
  ])('does not include %s', (path) => {
    expect(isSent(path)).toBe(false);
  });
});
