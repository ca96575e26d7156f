import type { Run } from './play-runs.js';
import { playRun } from './play-runs.js';
import { QUIET } from './scenario.js';
import { settingOf, type Setting } from './simulation.js';

/** Each makes a setting simpler, where it is not so already. */
const SIMPLER: readonly ((setting: Setting) => Setting)[] = [
  (setting) => withScenario(setting, { audits: 0 }),
  (setting) => withScenario(setting, { month: false }),
  (setting) => withScenario(setting, { ages: setting.scenario.ages.slice(0, -1) }),
  (setting) => withScenario(setting, { keepingTimes: QUIET.keepingTimes }),
  (setting) => withScenario(setting, { mood: 'kind' }),
  (setting) => withScenario(setting, { clocks: { offMs: 0, drift: 0 } }),
  (setting) => withScenario(setting, { caps: {} }),
  (setting) => withScenario(setting, { batchSize: 400_000 }),
  (setting) => withScenario(setting, { callDeadlineMs: 900_000 }),
  (setting) => withScenario(setting, { copies: 1 }),
  (setting) => withScenario(setting, { copies: 2 }),
  (setting) => withWeather(setting, { loseRequest: 0 }),
  (setting) => withWeather(setting, { loseAck: 0 }),
  (setting) => withWeather(setting, { late: 0 }),
  (setting) => withWeather(setting, { twice: 0 }),
  (setting) => withWeather(setting, { rareMs: setting.scenario.weather.usualMs }),
];

/** The least that still breaks what the seed breaks: actions and troubles are left out one by one while it does. */
export async function shrink(seed: number): Promise<{ setting: Setting; run: Run }> {
  let setting = settingOf(seed);
  const broken = new Set((await playRun(seed, false, setting)).broken.map(({ guarantee }) => guarantee));
  if (broken.size === 0) throw new Error(`seed ${seed} breaks nothing`);
  const stillBreaks = async (tried: Setting): Promise<boolean> =>
    (await playRun(seed, false, tried)).broken.some(({ guarantee }) => broken.has(guarantee));
  for (let before = ''; before !== JSON.stringify(setting);) {
    before = JSON.stringify(setting);
    for (const simpler of [...SIMPLER, ...leavingOut(setting)]) {
      const tried = simpler(setting);
      if (JSON.stringify(tried) !== JSON.stringify(setting) && (await stillBreaks(tried))) setting = tried;
    }
  }
  return { setting, run: await playRun(seed, true, setting) };
}

/** Half of the actions, a quarter, ... and each alone. */
function leavingOut({ actions }: Setting): ((setting: Setting) => Setting)[] {
  const chunks: (typeof actions)[] = [];
  for (let size = Math.ceil(actions.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < actions.length; from += size) chunks.push(actions.slice(from, from + size));
  }
  return chunks.map((chunk) => (setting) => ({
    ...setting,
    actions: setting.actions.filter((action) => !chunk.includes(action)),
  }));
}

const withScenario = (setting: Setting, changes: Partial<Setting['scenario']>): Setting => ({
  ...setting,
  scenario: { ...setting.scenario, ...changes },
});

const withWeather = (setting: Setting, changes: Partial<Setting['scenario']['weather']>): Setting =>
  withScenario(setting, { weather: { ...setting.scenario.weather, ...changes } });
