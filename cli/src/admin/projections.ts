import { decodeJson } from '@tollgate/events';
import {
  BusError,
  PROJECTIONS_SUBJECT,
  projectionWord,
  type ProjectionQuestion,
  type ProjectionWord,
} from '@tollgate/journal';
import { AwayError } from './away-error.js';
import { withBus } from './servers.js';

const LIST_MS = 5_000;
/** Days of events are taken out of Postgres in one go. */
const REBUILD_MS = 900_000;

/** How far each projection has stored each of its sources. */
export async function listProjections() {
  const word = await asked({ does: 'list' }, LIST_MS);
  return 'projections' in word ? word.projections : [];
}

/** Has a projection made anew from the journals; what is older than they are stays. */
export async function rebuildProjection(what: 'postgres' | 'redis') {
  const word = await asked({ does: 'rebuild', what }, REBUILD_MS);
  if ('failed' in word) throw new Error(word.failed);
  return { projection: what, since: 'rebuilds' in word ? word.rebuilds : null };
}

async function asked(question: ProjectionQuestion, timeoutMs: number): Promise<ProjectionWord> {
  const body = new TextEncoder().encode(JSON.stringify(question));
  return await withBus(async (bus) => {
    try {
      return projectionWord.parse(decodeJson(await bus.ask(PROJECTIONS_SUBJECT, body, timeoutMs)));
    } catch (error) {
      if (!(error instanceof BusError)) throw error;
      throw new AwayError(
        'audit does not answer: see that it runs, and that nobody else rebuilds or prunes at the moment',
        {
          cause: error,
        },
      );
    }
  });
}
