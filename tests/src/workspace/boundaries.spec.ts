import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lint, root } from './lint.js';

const BOUNDARIES = '@nx/enforce-module-boundaries';

interface Planted {
  readonly in: string;
  readonly line: string;
  readonly rule: string | undefined;
}

const uses = (name: string) => `import * as used from '@tollgate/${name}';\nexport default used;\n`;

const PLANTED: readonly Planted[] = [
  // Upwards, or sideways where there is no way.
  { in: 'libs/events', line: uses('journal'), rule: BOUNDARIES },
  { in: 'libs/events', line: uses('sealing'), rule: BOUNDARIES },
  { in: 'libs/sealing', line: uses('runtime'), rule: BOUNDARIES },
  { in: 'libs/journal', line: uses('stage'), rule: BOUNDARIES },
  { in: 'libs/runtime', line: uses('stage'), rule: BOUNDARIES },
  { in: 'libs/stage', line: uses('lease'), rule: BOUNDARIES },
  { in: 'libs/store', line: uses('journal'), rule: BOUNDARIES },
  { in: 'libs/store', line: uses('runtime'), rule: BOUNDARIES },
  { in: 'libs/events', line: uses('store'), rule: BOUNDARIES },
  { in: 'libs/journal', line: uses('store'), rule: BOUNDARIES },
  { in: 'libs/runtime', line: uses('store'), rule: BOUNDARIES },
  // A service never imports another, not even its types.
  { in: 'services/policy', line: uses('lease'), rule: BOUNDARIES },
  { in: 'services/gateway', line: uses('audit'), rule: BOUNDARIES },
  { in: 'services/lease', line: "export type { x } from '@tollgate/budget';\n", rule: BOUNDARIES },
  { in: 'services/lease', line: "export const late = () => import('@tollgate/budget');\n", rule: BOUNDARIES },
  { in: 'services/lease', line: "export * from '../../budget/src/index.js';\n", rule: BOUNDARIES },
  { in: 'services/lease', line: uses('infra'), rule: BOUNDARIES },
  // Only the composition root knows services.
  { in: 'cli', line: uses('gateway'), rule: BOUNDARIES },
  { in: 'examples', line: uses('gateway'), rule: BOUNDARIES },
  // Past the index of a package.
  { in: 'services/lease', line: uses('events/dist/call.js'), rule: 'no-restricted-imports' },
  { in: 'services/lease', line: uses('journal/src/reader.js'), rule: 'no-restricted-imports' },
  // The environment is read in one place.
  { in: 'services/lease', line: 'export const level = process.env;\n', rule: 'no-restricted-properties' },
  // What is meant to be used.
  { in: 'libs/sealing', line: uses('events'), rule: undefined },
  { in: 'libs/stage', line: uses('journal'), rule: undefined },
  { in: 'libs/stage', line: uses('store'), rule: undefined },
  { in: 'libs/store', line: uses('events'), rule: undefined },
  { in: 'services/audit', line: uses('store'), rule: undefined },
  { in: 'services/policy', line: uses('stage'), rule: undefined },
  { in: 'services/gateway', line: uses('journal'), rule: undefined },
  { in: 'infra', line: uses('lease'), rule: undefined },
  { in: 'tests', line: uses('infra'), rule: undefined },
  { in: 'tests', line: uses('policy'), rule: undefined },
  { in: 'tests', line: uses('events'), rule: undefined },
  { in: 'cli', line: uses('events'), rule: undefined },
];

describe('an import', () => {
  let fired: readonly (readonly string[])[];
  beforeAll(async () => {
    fired = await lint(PLANTED.map(({ in: folder, line }) => ({ file: `${folder}/src/planted.ts`, text: line })));
  }, 60_000);

  it.each(
    PLANTED.map(
      (planted, index) => [planted.in, planted.line.split('\n')[0], planted.rule ?? 'nothing', index] as const,
    ),
  )('in %s that says %s meets %s', (_folder, _line, rule, index) => {
    expect(fired[index]).toEqual(rule === 'nothing' ? [] : [rule]);
  });
});

describe('every package', () => {
  const folders = ['libs', 'services'].flatMap((parent) =>
    readdirSync(join(root, parent)).map(
      (name) => [`${parent}/${name}`, name, parent === 'libs' ? 'lib' : 'service'] as const,
    ),
  );
  const others = (['cli', 'infra', 'tests', 'examples'] as const).map((name) => [name, name, name] as const);

  it.each([...folders, ...others])('%s carries the tags that its place asks for', (folder, scope, type) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly nx: { readonly tags: readonly string[] };
    };
    expect(manifest.name).toBe(`@tollgate/${scope}`);
    expect(manifest.nx.tags).toEqual([`scope:${scope}`, `type:${type}`]);
  });
});
