import { path, query } from './path.js';

describe('paths', () => {
  it('hold ids as data', () => {
    expect(path`/v1/agents/${'a/b?c#d%2F é'}/logs`).toBe('/v1/agents/a%2Fb%3Fc%23d%252F%20%C3%A9/logs');
  });

  it.each(['.', '..'])('hold no %s, which a URL resolves away', (id) => {
    expect(() => path`/v1/agents/${id}/disable`).toThrow('is no id');
  });

  it('have a query of what is given', () => {
    expect(query({ limit: 5, q: 'a&b', after: undefined, offset: 0 })).toBe('?limit=5&q=a%26b&offset=0');
    expect(query({ limit: undefined })).toBe('');
  });
});
