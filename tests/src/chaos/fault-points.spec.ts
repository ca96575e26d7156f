import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { FAULT_POINTS } from './fault-points.js';

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
    const stage = named('stage', /\bfault\('([a-z-]+)'\)/g);
    expect(stage.length).toBeGreaterThan(0);
    for (const [name, points] of [
      ['policy', FAULT_POINTS.policy],
      ['dispatch', FAULT_POINTS.dispatcher],
    ] as const) {
      expect(points).toEqual(expect.arrayContaining(stage.map((point) => `${name}.${point}`)));
    }
  });

  it.each(['policy', 'lease', 'budget', 'dispatcher', 'gateway', 'audit'] as const)('are all that %s has', (name) => {
    const points = named(name, /\bfaultPoint\('([a-z.-]+)'\)/g);
    expect(FAULT_POINTS[name]).toEqual(expect.arrayContaining(points));
  });

  it('are at every sink of audit', () => {
    const sinks = named('audit', /^ {2}readonly name = '([a-z]+)'/gm);
    expect(FAULT_POINTS.audit).toEqual(expect.arrayContaining(sinks.map((sink) => `audit.${sink}.stored`)));
    expect(sinks).toHaveLength(4);
  });
});
