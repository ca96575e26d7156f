import { z } from 'zod';
import { refusedJson, wireIssues } from './issues.js';
import { JsonRefusal } from './json-refusal.js';

const body = z.object({
  agent_id: z.string().max(3),
  limit: z.int().min(0).optional(),
  args: z.object({ card: z.string() }).optional(),
  auth: z.object({ secret: z.string().min(8) }).optional(),
  tools: z.array(z.string()).max(1).optional(),
  role: z.enum(['admin', 'agent']).optional(),
});

const issuesOf = (value: unknown) => {
  const parsed = body.safeParse(value);
  return parsed.success ? [] : wireIssues('body', parsed.error.issues, value);
};

describe('issues of a schema on the wire', () => {
  it('names type and place, from the origin on', () => {
    expect(issuesOf({ limit: 'x' })).toMatchObject([
      { type: 'missing', loc: ['body', 'agent_id'], msg: 'Field required', input: null },
      { type: 'float_type', loc: ['body', 'limit'], input: 'x' },
    ]);
  });

  it.each([
    [{ agent_id: 'abcd' }, 'string_too_long'],
    [{ agent_id: 1 }, 'string_type'],
    [{ agent_id: 'a', limit: -1 }, 'greater_than_equal'],
    [{ agent_id: 'a', limit: 1.5 }, 'int_type'],
    [{ agent_id: 'a', tools: ['a', 'b'] }, 'too_long'],
    [{ agent_id: 'a', tools: {} }, 'list_type'],
    [{ agent_id: 'a', role: 'root' }, 'literal_error'],
  ])('says of %j: %s', (value, type) => {
    expect(issuesOf(value)[0]?.type).toBe(type);
  });

  it('shows nothing of arguments and secrets', () => {
    const value = { agent_id: 'a', args: { card: 4242 }, auth: { secret: 'hush' } };
    expect(issuesOf(value).map(({ input }) => input)).toEqual([null, null]);
  });

  it('shows nothing of a body that is no object', () => {
    expect(issuesOf('card 4242')).toMatchObject([{ type: 'dict_type', loc: ['body'], input: null }]);
  });

  it('cuts what it shows at 100 characters, never through one', () => {
    expect(issuesOf({ agent_id: '😀'.repeat(200) })[0]?.input).toBe('😀'.repeat(100));
  });

  it('shows a number that JSON could not carry as it was written', () => {
    expect(refusedJson(new JsonRefusal('finite_number', ['spend_usd'], 'm', '1e400'))).toEqual({
      type: 'finite_number',
      loc: ['body', 'spend_usd'],
      msg: 'm',
      input: '1e400',
    });
    expect(refusedJson(new JsonRefusal('finite_number', ['args', 'n'], 'm', '1e400')).input).toBeNull();
  });
});
