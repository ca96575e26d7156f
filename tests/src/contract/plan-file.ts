import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const UNRESTRICTED = { caps: true, pricing: true, agents: true, maxTools: 0, ttlSec: { default: 60, most: 3_600 } };

export interface TestPlan {
  readonly name: string;
  readonly credits: { readonly make: number; readonly ai: number };
  readonly stopsAtCredits: boolean;
}

/** The settings of a server whose default plan is the first of these; the file is gone with the tests of the file that made it. */
export function planSettings(...plans: readonly [TestPlan, ...TestPlan[]]): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-plans-'));
  const path = join(folder, 'plans.json');
  writeFileSync(path, JSON.stringify(plans.map((plan) => ({ ...UNRESTRICTED, ...plan }))));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  return { TOLLGATE_PLANS: path, TOLLGATE_DEFAULT_PLAN: plans[0].name };
}
