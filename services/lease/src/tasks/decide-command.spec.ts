import { NOON, HOUR, SECOND } from '../spec/calls.js';
import { cancel, complete, extend, lease, lock, reset } from '../spec/commands.js';
import { given, keyIs, keyIsRevoked } from '../spec/given.js';
import { refusedFor } from '../spec/tasks.js';

const WORDS = [
  ['lock', lock('b')],
  ['lease', lease('b')],
  ['extend', extend('b', 'a')],
  ['complete', complete('b', 'a')],
  ['cancel', cancel('b', 'a')],
  ['reset', reset('b')],
] as const;

describe('a command that CALLS holds twice (rule 3)', () => {
  it.each(WORDS)('to %s is decided once', (_does, input) => {
    const { stage } = given();
    stage.take(lease('a'));
    expect(stage.take(input)).toHaveLength(1);
    expect(stage.take(input)).toEqual([]);
  });

  it('is known by when the broker has stored it: its copies may be read hours apart', () => {
    const { stage } = given();
    stage.take(lock('a'), NOON);
    for (let n = 0; n < 3_000; n++) stage.take(lock(`other ${n}`, { key: `key ${n}` }), NOON + HOUR - 1);
    expect(stage.decide(lock('a'), NOON + 3 * HOUR)).toEqual([]);
  });

  it('is forgotten when commands of more than an hour later are read', () => {
    const { stage } = given();
    for (let n = 0; n < 100; n++) stage.take(lock(`${n}`), NOON + n * SECOND);
    stage.take(lock('late'), NOON + HOUR + 60 * SECOND);
    expect(stage.state.tasks.commands.size).toBe(100 - 61 + 1);
  });
});

describe('a key that is not good (rule 12)', () => {
  it.each(WORDS)('may not %s, by whatever gateway it was let pass', (does, input) => {
    const past = given(keyIsRevoked('key_1'), keyIsRevoked('key_admin'));
    past.when(input).then(refusedFor('b', does, 'invalid_api_key'));
  });

  it("is one of another tenant, or nobody's", () => {
    const past = given(keyIs('key_2', 'agent', 'globex'));
    past.when(lock('b', { keyId: 'key_2' })).then(refusedFor('b', 'lock', 'invalid_api_key'));
    past.when(lock('b', { keyId: 'key_3' })).then(refusedFor('b', 'lock', 'invalid_api_key'));
  });

  it('was good when the broker stamped the command: later does not count', () => {
    const past = given();
    const key = past.stage.config.keys.get('key_1')!;
    past.stage.config.keys.set('key_1', { ...key, value: { ...key.value, expiresAt: NOON + 1 } });
    expect(past.when(lock('b'), NOON).decided).toMatchObject([{ type: 'lock-taken' }]);
    past.when(lock('b'), NOON + 1).then(refusedFor('b', 'lock', 'invalid_api_key', NOON + 1));
  });
});
