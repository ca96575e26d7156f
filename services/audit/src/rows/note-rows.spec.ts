import { finish, idOfTime, noteId, notePosted } from '@tollgate/events';
import { messageOf, NOON } from '../spec/events.js';
import { noteRows } from './note-rows.js';
import { projectedRows } from './projected-rows.js';
import { runRows } from './run-rows.js';

const note = { runId: 'run', type: 'paid', keyId: 'key_1', agent: 'billing', status: 'ok', data: { a: 1 } };
const noted = (data: object = note) => ({
  ...messageOf('policy', 7, [finish(notePosted.draft('acme', { ...note, ...data }), 0, NOON - 40)]),
  source: { kind: 'notes', name: 'NOTES-0', stream: 'NOTES-0', partition: 0 } as const,
});

describe('a note of a client', () => {
  it('has an id made of its message, and the time at which the broker stored it', () => {
    const [row] = noteRows(noted());
    expect(row).toMatchObject({
      id: noteId(NOON, 7, 0),
      tenant: 'acme',
      ts: new Date(NOON).toISOString(),
      source: 'client',
      agent_id: 'billing',
      data: { a: 1 },
      call_id: null,
    });
    expect(Math.abs((row?.id ?? 0) - idOfTime(NOON))).toBeLessThan(1_000);
  });

  it('has the time that the client says', () => {
    expect(noteRows(noted({ at: NOON - 5_000 }))).toMatchObject([{ ts: new Date(NOON - 5_000).toISOString() }]);
  });

  it('is a row of its timeline, and nothing else', () => {
    const { timeline, ...others } = projectedRows([noted()]);
    expect(timeline).toHaveLength(1);
    expect(Object.values(others).flat()).toEqual([]);
  });

  it('says how a run stands only where the system has said nothing', () => {
    const [client] = noteRows(noted());
    const system = { ...client!, id: client!.id - 1_000, type: 'run_finished', source: 'system' as const };
    for (const rows of [
      [system, client!],
      [client!, system],
    ]) {
      expect(runRows(rows)).toMatchObject([{ last_type: 'run_finished', last_source: 'system', events_count: 2 }]);
    }
    expect(runRows([client!])).toMatchObject([{ last_type: 'paid', last_source: 'client' }]);
  });
});
