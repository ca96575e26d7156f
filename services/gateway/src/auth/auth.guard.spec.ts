import type { ExecutionContext } from '@nestjs/common';
import { keyCreated, keyRevoked, finish, type KeyDocument } from '@tollgate/events';
import { emptyConfig, foldConfig, systemClock } from '@tollgate/journal';
import { apiKeyHash } from '@tollgate/sealing';
import { ForAgents, ForAnybody } from './access.js';
import { AuthGuard } from './auth.guard.js';
import { Authentication } from './authentication.js';

class Routes {
  @ForAnybody()
  health() {}
  @ForAgents()
  run() {}
  admin() {}
}

const key = (id: string, more: Partial<KeyDocument> = {}): KeyDocument => ({
  id,
  hash: apiKeyHash(id),
  preview: '',
  name: null,
  role: 'admin',
  agents: [],
  createdAt: 0,
  expiresAt: null,
  ...more,
});
const created = (document: KeyDocument) => finish(keyCreated.draft('t', { by: '-', key: document }), 0, 0);
const revoked = (id: string) => finish(keyRevoked.draft('t', { by: '-', id }), 0, 0);

/** `known` is folded already, `newer` once CONFIG has been read to its end. */
function asked(
  route: keyof Routes,
  authorization: string | undefined,
  known: KeyDocument[],
  newer: KeyDocument[] = [],
) {
  const state = emptyConfig();
  let reads = 0;
  for (const document of known) foldConfig(state, 1, created(document));
  const readToEnd = async () => {
    reads += 1;
    for (const document of newer) foldConfig(state, 2, created(document));
  };
  const context = {
    getHandler: () => Routes.prototype[route],
    switchToHttp: () => ({ getRequest: () => ({ headers: { authorization } }) }),
  } as unknown as ExecutionContext;
  const answer = new AuthGuard(new Authentication({ state, readToEnd }, systemClock)).canActivate(context);
  return answer.then(
    () => [200, reads],
    (error: { status: number; detail: unknown }) => [error.status, reads, error.detail],
  );
}

describe('the key of a request', () => {
  it('is not asked for by what is open to anybody', async () => {
    expect(await asked('health', undefined, [])).toEqual([200, 0]);
  });

  it('missing is 401, and nothing is read for it', async () => {
    expect(await asked('run', undefined, [])).toEqual([401, 0, 'Missing Authorization Bearer token']);
  });

  it('known lets in', async () => {
    expect(await asked('admin', 'Bearer k', [key('k')])).toEqual([200, 0]);
  });

  it('made a moment ago lets in: CONFIG is read to its end before a refusal', async () => {
    expect(await asked('admin', 'Bearer k', [], [key('k')])).toEqual([200, 1]);
  });

  it('unknown is 403', async () => {
    expect(await asked('admin', 'Bearer x', [key('k')])).toEqual([403, 1, 'Invalid API key']);
  });

  it('expired is 403', async () => {
    expect(await asked('run', 'Bearer k', [key('k', { expiresAt: 1 })])).toEqual([403, 1, 'Invalid API key']);
  });

  it("of an agent does not do for an admin's route", async () => {
    const agentKey = key('k', { role: 'agent', agents: ['a'] });
    expect((await asked('admin', 'Bearer k', [agentKey])).slice(0, 2)).toEqual([403, 0]);
    expect(await asked('run', 'Bearer k', [agentKey])).toEqual([200, 0]);
  });

  it('revoked is 403', () => {
    const state = foldConfig(foldConfig(emptyConfig(), 1, created(key('k'))), 2, revoked('k'));
    const context = {
      getHandler: () => Routes.prototype.run,
      switchToHttp: () => ({ getRequest: () => ({ headers: { authorization: 'Bearer k' } }) }),
    } as unknown as ExecutionContext;
    const authentication = new Authentication({ state, readToEnd: async () => undefined }, systemClock);
    return expect(new AuthGuard(authentication).canActivate(context)).rejects.toMatchObject({ status: 403 });
  });
});
