import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlans } from './plan-table.js';

const PAGE = readFileSync(new URL('../../../docs/plans.md', import.meta.url), 'utf8');

describe('a plan table in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-plans-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const read = (text: string) => {
    writeFileSync(join(folder, 'plans.json'), text);
    return readPlans(join(folder, 'plans.json'));
  };
  const shown = /```json plans.json\n([^`]+)```/.exec(PAGE)?.[1] ?? '';

  it('is as docs/plans.md shows one: its plans beside the built-in ones', () => {
    const plans = read(shown);
    expect(plans.map(({ name }) => name)).toEqual(['free', 'starter', 'pro', 'agency', 'unlimited', 'team']);
    expect(plans.at(-1)).toMatchObject({ maxTools: 50, credits: { make: 50_000, ai: 0 }, stopsAtCredits: true });
  });

  it('replaces built-in plans of the same name', () => {
    const plans = read(shown.replace('"team"', '"free"'));
    expect(plans.filter(({ name }) => name === 'free')).toEqual([expect.objectContaining({ maxTools: 50 })]);
  });

  it.each([
    ['no list', '{}'],
    ['a member that is missing', shown.replace('"caps": true,', '')],
    ['a member that nobody knows', shown.replace('"caps"', '"cap": true, "caps"')],
    ['a default TTL above the most', shown.replace('"most": 86400', '"most": 60')],
    ['a name that no command line can say', shown.replace('"team"', '"My team"')],
  ])('is refused for %s', (_what, text) => {
    expect(() => read(text)).toThrow();
  });
});
