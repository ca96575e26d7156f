import { documentIn } from './document.js';

describe('a file', () => {
  it('is YAML or JSON', () => {
    expect(documentIn('allowed_tools: [a.b, "c:d"]\nmax_spend_usd_per_day: 2.5\n', 'f')).toEqual({
      allowed_tools: ['a.b', 'c:d'],
      max_spend_usd_per_day: 2.5,
    });
    expect(documentIn('{\n\t"a": {"b": [1, null, "\\u00e9"]}\n}', 'f')).toEqual({ a: { b: [1, null, 'é'] } });
  });

  it('has words for words: yes, and a day, are text', () => {
    expect(documentIn('a: yes\nb: 2026-11-21', 'f')).toEqual({ a: 'yes', b: '2026-11-21' });
  });

  it.each([
    ['', 'no object'],
    ['- a\n- b', 'no object'],
    ['"text"', 'no object'],
    ['a: [1', 'neither YAML nor JSON'],
    ['a: *nothing', 'neither YAML nor JSON'],
    ['{"blocked_tools": ["x"], "blocked_tools": []}', 'unique'],
    ['a: 1\na: 2', 'unique'],
  ])('%j is refused by the name of the file', (text, message) => {
    expect(() => documentIn(text, 'policy.yaml')).toThrow(message);
    expect(() => documentIn(text, 'policy.yaml')).toThrow('policy.yaml');
  });
});
