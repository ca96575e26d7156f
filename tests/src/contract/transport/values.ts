import { fresh } from '../installed.js';
import { row } from '../row.js';
import { BOMB, type Transport } from './transport.js';

export function values({ tool, raw, everywhere }: Transport): void {
  describe('values', () => {
    const refused = async (what: string, body: string) => {
      const answer = await raw(body);
      expect([what, answer.status]).toEqual([what, 422]);
      return answer.body.detail;
    };

    row('0/numbers', async () => {
      for (const number of [
        '9007199254740993',
        '-9007199254740993',
        '9007199254740992',
        '1e20',
        '10e19',
        '1e400',
        '-1e400',
        '123456789012345678901234567890',
        '9007199254740992.0',
      ]) {
        for (const body of everywhere(number)) await refused(number, body);
      }
      const args =
        '{"most":9007199254740991,"least":-9007199254740991,"written":9.007199254740991e15,"small":1e-400,"half":0.5}';
      expect((await raw(`{"agent_id":"a","tool":"${tool}","args":${args}}`)).body.decision).toBe('executed');
    });

    row('0/texts', async () => {
      for (const text of [
        '"\\ud800"',
        '"\\udc00x"',
        '"x\\ud83d"',
        '"\\u0000"',
        '"a\\u0000b"',
        '{"\\ud800":1}',
        '{"a\\u0000":1}',
      ]) {
        for (const body of everywhere(text)) await refused(text, body);
      }
      expect(
        (await raw(`{"agent_id":"\\ud83d\\ude00","tool":"${tool}","args":{"x":"\\ud83d\\ude00"}}`)).body.decision,
      ).toBe('executed');
    });

    row('0/members', async () => {
      for (const object of [
        '{"x":1,"x":1}',
        '{"x":1,"\\u0078":2}',
        '{"__proto__":{}}',
        '{"\\u005f_proto__":1}',
        '[{"a":{"__proto__":null}}]',
      ]) {
        for (const body of everywhere(object)) await refused(object, body);
      }
      await refused('doubled at the top', `{"agent_id":"a","tool":"${tool}","tool":"${tool}"}`);
      await refused('__proto__ at the top', `{"agent_id":"a","tool":"${tool}","__proto__":{}}`);
    });

    row('0/nesting', async () => {
      const nested = (levels: number) =>
        `{"agent_id":"${fresh('a')}","tool":"${tool}","args":{"x":${'['.repeat(levels - 2)}${']'.repeat(levels - 2)}}}`;
      expect((await raw(nested(32))).body.decision).toBe('executed');
      expect((await refused('33 levels', nested(33)))[0].loc[0]).toBe('body');
      await refused('a bomb', '['.repeat(500_000));
      await refused('a bomb in an ignored member', `{"agent_id":"a","tool":"${tool}","ignored":${BOMB}}`);
    });
  });
}
