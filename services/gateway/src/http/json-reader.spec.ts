import { readJson } from './json-reader.js';
import { JsonRefusal } from './json-refusal.js';

function refusalOf(text: string): Pick<JsonRefusal, 'type' | 'path'> {
  try {
    readJson(text);
  } catch (error) {
    if (error instanceof JsonRefusal) return { type: error.type, path: error.path };
    throw error;
  }
  throw new Error('it was taken');
}

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('reading JSON', () => {
  it.each([
    '{"a":[1,-2.5e3,"x\\n\\u00e9",true,false,null,{}],"b":{}}',
    ' [ ] ',
    '"\\ud83d\\ude00"',
    '0',
    '-0.5',
    '9007199254740991',
    '-9007199254740991',
    '{"constructor":1,"toString":2}',
    nested(32),
  ])('reads %s as JSON.parse does', (text) => {
    expect(readJson(text)).toEqual(JSON.parse(text));
  });

  it.each([
    '',
    '{',
    '{"a":}',
    '{"a":1,}',
    '[1,]',
    "{'a':1}",
    'NaN',
    'Infinity',
    '-',
    '01',
    '1.',
    '.5',
    '+1',
    '"\\x"',
    '"a\nb"',
    '1 2',
    'nul',
    '{a:1}',
  ])('says that %j is not JSON', (text) => {
    expect(refusalOf(text).type).toBe('json_invalid');
  });

  it('says at which character', () => {
    expect(refusalOf('{"a" 1}').path).toEqual([5]);
  });

  it.each([
    ['1e400', 'finite_number'],
    ['-1e400', 'finite_number'],
    ['9007199254740993', 'number_out_of_range'],
    ['-9007199254740992', 'number_out_of_range'],
    ['1e20', 'number_out_of_range'],
    ['100000000000000000000.0', 'number_out_of_range'],
    ['"\\ud83d"', 'string_unicode'],
    ['"\\ude00\\ud83d"', 'string_unicode'],
    ['"a\\u0000b"', 'string_unicode'],
    ['{"a":1,"a":2}', 'duplicate_member'],
    ['{"a":1,"\\u0061":2}', 'duplicate_member'],
    ['{"__proto__":{}}', 'forbidden_member'],
    ['{"\\u005f_proto__":{}}', 'forbidden_member'],
    [nested(33), 'nesting_too_deep'],
  ])('refuses %s as %s', (text, type) => {
    expect(refusalOf(text).type).toBe(type);
  });

  it('says where', () => {
    expect(refusalOf('{"args":{"list":[1,{"n":1e400}]}}').path).toEqual(['args', 'list', 1, 'n']);
    expect(refusalOf('{"args":{"a":1,"a":2}}').path).toEqual(['args', 'a']);
  });

  it('does not let a member change the prototype', () => {
    expect(() => readJson('{"a":{"__proto__":{"admin":true}}}')).toThrow(JsonRefusal);
  });
});
