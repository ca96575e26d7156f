import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const GATEWAY = join(dirname(require.resolve('@tollgate/events')), '../../../services/gateway/src');
const CLASS = /@Controller\((?:'([^']*)')?\)/;
const METHOD = /@(Get|Post|Put|Patch|Delete)\((?:'([^']*)')?\)/g;

/** The reference has nothing of a tenant's. */
const REFERENCE = new Set(['GET /v1/openapi.json', 'GET /v1/docs']);

/** `METHOD /path` of every route under `/v1`, read from the decorators of the controllers. */
export const gatewayRoutes = (): string[] =>
  globSync('**/*.controller.ts', { cwd: GATEWAY }).flatMap((file) =>
    routesIn(readFileSync(join(GATEWAY, file), 'utf8')),
  );

export const routesOfTenants = (): string[] => gatewayRoutes().filter((route) => !REFERENCE.has(route));

function routesIn(source: string): string[] {
  const prefix = CLASS.exec(source)?.[1];
  if (prefix === undefined) return [];
  return [...source.matchAll(METHOD)].map(
    ([, method = '', path]) => `${method.toUpperCase()} /${[prefix, path].filter(Boolean).join('/')}`,
  );
}
