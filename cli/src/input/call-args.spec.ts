import { jsonArg, textArg } from './call-args.js';

describe('an argument of a call', () => {
  it.each([
    ['amount=12', 12],
    ['amount=12.50', 12.5],
    ['draft=true', true],
    ['note=null', null],
    ['items=[1,{"a":"b"}]', [1, { a: 'b' }]],
    ['id="42"', '42'],
    ['customer=cus_42', 'cus_42'],
    ['zip=01234', '01234'],
    ['words=two words', 'two words'],
    ['formula=a=b', 'a=b'],
    ['empty=', ''],
  ])('%s', (given, value) => {
    const [name] = given.split('=');
    expect(jsonArg(given)).toEqual([name, value]);
  });

  it('is never another number than was written', () => {
    expect(() => jsonArg('account=12345678901234567890')).toThrow('--text-arg');
    expect(() => jsonArg('far=1e999')).toThrow('--text-arg');
    expect(jsonArg('most=9007199254740991')).toEqual(['most', 9007199254740991]);
  });

  it('is text where text is asked for', () => {
    expect(textArg('zip=94107')).toEqual(['zip', '94107']);
  });

  it.each(['customer', '=x', ''])('is not %j', (given) => {
    expect(() => jsonArg(given)).toThrow('<name=value>');
  });
});
