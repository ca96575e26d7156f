import { PostgresTables } from '@tollgate/audit';
import { idOfTime } from '@tollgate/events';
import { recordQueries } from '@tollgate/gateway';
import { systemClock, type Watermark } from '@tollgate/journal';
import { ownDatabase } from './own-database.js';

const NOON = Date.UTC(2026, 10, 21, 12);
const FIRST = idOfTime(NOON);
const SOURCES = ['POLICY-0', 'LEASE-0', 'BUDGET-0', 'DISPATCH-0'] as const;
/** Up to here the record has each journal; policy has written nothing lately. */
const LAST_IDS = { 'POLICY-0': FIRST + 1, 'LEASE-0': FIRST + 30, 'BUDGET-0': FIRST + 40, 'DISPATCH-0': FIRST + 50 };
const PAGE = { after: 0, limit: 50, offset: 0 };

/** Rule 16, seen from the gateway: what owners say, and what is served when they say nothing. */
describe('GET /events?after=', () => {
  let database: Awaited<ReturnType<typeof ownDatabase>>;
  beforeAll(async () => {
    database = await ownDatabase();
    const { db } = database;
    await new PostgresTables(db, 7).prepare(NOON);
    const row = (n: number) => ({
      id: FIRST + n,
      tenant: 'acme',
      ts: new Date(NOON),
      type: 'tool_executed' as const,
      req_id: String(n),
    });
    await db
      .insertInto('feed')
      .values([1, 10, 30, 50].map((n) => row(n)) as never)
      .execute();
    await db
      .insertInto('projection_positions')
      .values(
        SOURCES.map((source) => ({ source, mark: 'm', seq: 9, index: 0, epoch: 'e1', last_id: LAST_IDS[source] })),
      )
      .execute();
  }, 60_000);
  afterAll(() => database.drop());

  const said = (id: number, epoch = 'e1') => new Map<string, Watermark>(SOURCES.map((name) => [name, { epoch, id }]));
  async function follow(words: () => ReadonlyMap<string, Watermark>, end = 9) {
    const ends = new Map(SOURCES.map((name) => [name, end]));
    const caughtUp = { catchUp: () => Promise.resolve({ ends, made: '' }) };
    const owners = { of: () => Promise.resolve(words()), journalsOf: () => SOURCES };
    const following = new recordQueries.Following(database.db, caughtUp, owners, systemClock);
    const { found, lagSec } = await following.page('acme', PAGE);
    return { served: found.map(({ req_id }) => req_id), lagSec };
  }

  it('serves everything that is there once owners say that nothing can come before it', async () => {
    expect(await follow(() => said(FIRST + 60))).toEqual({ served: ['1', '10', '30', '50'], lagSec: undefined });
  });

  it('waits for an owner that still has something under way', async () => {
    let asked = 0;
    const words = () => said((asked += 1) < 5 ? FIRST + 20 : FIRST + 60);
    expect(await follow(words)).toEqual({ served: ['1', '10', '30', '50'], lagSec: undefined });
    expect(asked).toBe(5);
  });

  it('serves what is below the word in the end, and says that it lags', async () => {
    expect(await follow(() => said(FIRST + 20))).toEqual({ served: ['1', '10'], lagSec: 1 });
  });

  it.each([
    ['nobody owns a stage', () => new Map([...said(FIRST + 60)].filter(([name]) => name !== 'POLICY-0')), 9],
    ['who answered has been shut out', () => said(FIRST + 60, 'e0'), 9],
    ['the record has not reached the end', () => said(FIRST + 60), 10],
  ] as const)('serves what the record itself shows to be whole where %s', async (_why, words, end) => {
    expect(await follow(words, end)).toEqual({ served: ['1'], lagSec: 1 });
  });

  it('has nothing to wait for where there is nothing new', async () => {
    const began = Date.now();
    const nobody = new recordQueries.Following(
      database.db,
      { catchUp: () => Promise.resolve({ ends: new Map(), made: '' }) },
      { of: () => Promise.resolve(new Map()), journalsOf: () => SOURCES },
      systemClock,
    );
    expect(await nobody.page('globex', PAGE)).toEqual({ found: [], lagSec: undefined });
    expect(Date.now() - began).toBeLessThan(1_000);
  });
});
