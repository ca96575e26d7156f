import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from '../contract/installed.js';
import type { Json } from '../contract/json.js';
import { CommandLine, drop, TOOL_SECRET } from '../harness/index.js';
import { routesOfTenants } from '../record/gateway-routes.js';
import { BadLine } from '../sdk/bad-line.js';

const FILES = {
  'tool.secret': TOOL_SECRET,
  'policy.yaml': 'allowed_tools: [charge, drops]\nmax_actions_per_hour: 50\n',
  'job.yaml': 'agent_id: billing\nactions: [{ tool: charge, args: { n: 2 } }]\n',
};
const TODAY = new Date().toISOString().slice(0, 10);

/** docs/command-line.md: what --json prints, and that there is a command for every route but the reference. */
describe('npx tollgate, each of its commands with --json', () => {
  const tollgate = installed();
  const typed = new Set<string>();
  let folder: string;
  let line: BadLine;
  let person: CommandLine;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-every-'));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    line = await BadLine.start(() => tollgate().api.base);
    person = new CommandLine(folder, { TOLLGATE_URL: line.base, TOLLGATE_API_KEY: tollgate().adminKey });
  });
  afterAll(async () => {
    await line.stop();
    rmSync(folder, { recursive: true });
  });

  /** Nothing but the answer as JSON. */
  async function json(command: string, ...words: readonly string[]): Promise<Json> {
    typed.add(command);
    const { out, err } = await person.type(...command.split(' '), ...words, '--json');
    expect([command, err]).toEqual([command, '']);
    return JSON.parse(out);
  }
  const all = async (...commands: readonly (readonly [string, ...string[]])[]): Promise<void> => {
    for (const [command, ...words] of commands) await json(command, ...words);
  };

  it('of tools, policies and calls', async () => {
    for (const tool of ['charge', 'drops']) {
      await json('tools register', tool, '--endpoint', tollgate().tool.url(tool), '--secret-file', 'tool.secret');
    }
    await all(['tools list'], ['tools get', 'charge'], ['tools disable', 'charge'], ['tools enable', 'charge']);
    await all(['policy set', 'billing', 'policy.yaml'], ['policy set', 'billing', 'policy.yaml', '--merge']);
    await all(['policy get'], ['policy get', 'billing'], ['policy template', 'billing', 'moderate']);
    await json('policy test', 'billing', 'charge');
    tollgate().tool.on('drops', drop);
    const { call_id } = await json('run', 'billing', 'drops', '--run-id', 'trip');
    await all(['calls list'], ['calls show', call_id], ['calls resolve', call_id, 'executed', '--note', 'it is there']);
    await all(['runs list'], ['runs note', 'trip', 'planned'], ['runs show', 'trip'], ['events']);
    await all(['agents disable', 'billing'], ['agents enable', 'billing']);
    await all(['agents logs', 'billing'], ['agents metrics', 'billing']);
  });

  it('of locks, leases, jobs and the account', async () => {
    await json('lock', 'once');
    const leased = async (key: string): Promise<readonly [string, string]> => [
      key,
      (await json('lease acquire', key)).lease_id,
    ];
    const [done, failing, given] = [await leased('done'), await leased('failing'), await leased('given')];
    await all(
      ['lease extend', ...done],
      ['lease complete', ...done],
      ['lease result', 'done'],
      ['lease status', 'done'],
    );
    await all(['lease fail', ...failing, 'broken'], ['lease reset', 'failing'], ['lease cancel', ...given]);
    await json('job run', 'job', 'job.yaml');
    const { id } = await json('keys create', 'agent', '--agent', 'billing');
    await all(['keys list'], ['keys revoke', id], ['usage'], ['usage', '--kind', 'ai'], ['metrics', TODAY, TODAY]);
    await all(['me'], ['notifications', '--email', 'on'], ['doctor'], ['tools delete', 'drops']);
  });

  it('of which none is left out', async () => {
    const { out } = await person.type('--help');
    const [, listed = ''] = /^Commands\n(.*?)\n\n/ms.exec(out) ?? [];
    const commands = [...listed.matchAll(/^ {2}([a-z]+(?: [a-z]+)?)/gm)].map(([, command]) => command);
    expect([...typed].sort()).toEqual(commands.sort());
  });

  it('and which ask every route of the API but its reference between them', () => {
    const routes = routesOfTenants();
    const asked = new Set(line.asked.map((request) => routeOf(request, routes)));
    expect(routes.filter((route) => !asked.has(route))).toEqual([]);
  });
});

/** The route of a request; of several that fit the one that says most of itself. */
function routeOf(request: string, routes: readonly string[]): string | undefined {
  const segments = (request.split('?')[0] ?? '').split('/');
  const fits = (route: string): boolean => {
    const pattern = route.split('/');
    return (
      pattern.length === segments.length && pattern.every((one, at) => one.startsWith(':') || one === segments[at])
    );
  };
  const parameters = (route: string): number => route.split(':').length;
  return routes.filter(fits).sort((one, other) => parameters(one) - parameters(other))[0];
}
