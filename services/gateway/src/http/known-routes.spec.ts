import { KnownRoutes } from './known-routes.js';

describe('known routes', () => {
  const routes = new KnownRoutes();
  routes.add('/v1/tools', ['GET']);
  routes.add('/v1/tools', ['POST']);
  routes.add('/v1/tools/:name', ['GET', 'HEAD']);

  it('tell which methods a path has', () => {
    expect(routes.methodsOf('/v1/tools?x=/y')).toEqual(['GET', 'POST']);
    expect(routes.methodsOf('/v1/tools/a%2Fb')).toEqual(['GET', 'HEAD']);
  });

  it.each(['/v1/tool', '/v1/tools/', '/v1/tools/a/b', '/', ''])('tell that %j is no path', (url) => {
    expect(routes.methodsOf(url)).toEqual([]);
  });
});
