import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { FAULT_POINTS, POINTS_ON_OCCASION, takeoverPoints } from './fault-points.js';

const require = createRequire(import.meta.url);
const sources = (name: string): string[] => {
  const folder = join(dirname(require.resolve(`@tollgate/${name}`)), '..', 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
};
const named = (name: string, pattern: RegExp): string[] =>
  sources(name).flatMap((text) => [...text.matchAll(pattern)].map(([, point = '']) => point));

describe('the fault points that tests arm', () => {
  it('are all that a stage has', () => {
    const stage = named('stage', /\bfault\((?:'|`\$\{definition\.name\}\.)([a-z-]+)['`]\)/g);
    expect(stage.length).toBeGreaterThan(6);
    for (const [name, kind] of [
      ['policy', 'policy'],
      ['dispatch', 'dispatcher'],
    ] as const) {
      const ofStage = POINTS_ON_OCCASION.stage.map((point) => `${name}.${point}`);
      const points = [...FAULT_POINTS[kind], ...takeoverPoints(kind), ...ofStage];
      expect(points).toEqual(expect.arrayContaining(stage.map((point) => `${name}.${point}`)));
    }
  });

  it.each(['policy', 'lease', 'budget', 'dispatcher', 'gateway', 'audit'] as const)('are all that %s has', (name) => {
    const points = named(name, /\bfaultPoint\('([a-z.-]+)'\)/g);
    const onOccasion: Readonly<Record<string, readonly string[]>> = POINTS_ON_OCCASION;
    const armed = [...FAULT_POINTS[name], ...(onOccasion[name] ?? [])];
    expect(armed).toEqual(expect.arrayContaining(points));
  });

  it.each([
    ['dispatcher-stopped.e2e.spec', POINTS_ON_OCCASION.dispatcher],
    ['../record/snapshots.int.spec', POINTS_ON_OCCASION.stage],
  ])('are armed by %s, where calls alone do not come by them', (file, points) => {
    const text = readFileSync(join(import.meta.dirname, `${file}.js`), 'utf8');
    for (const point of points) expect(text).toContain(point);
  });

  it('are at every sink of audit', () => {
    const sinks = named('audit', /^ {2}readonly name = '([a-z]+)'/gm);
    expect(FAULT_POINTS.audit).toEqual(expect.arrayContaining(sinks.map((sink) => `audit.${sink}.stored`)));
    expect(sinks).toHaveLength(4);
  });
});
