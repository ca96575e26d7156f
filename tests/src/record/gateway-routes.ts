import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const GATEWAY = join(dirname(require.resolve('@tollgate/events')), '../../../services/gateway/src');
const CLASS = /@Controller\((?:'([^']*)')?\)/;
const METHOD = /@(Get|Post|Put|Patch|Delete)\((?:'([^']*)')?\)/g;

/** The reference itself has nothing of a tenant's, and is not in the reference. */
const REFERENCE = new Set(['GET /v1/openapi.json', 'GET /v1/docs']);

/** `METHOD /path` of every other route under `/v1`, read from the decorators of the controllers. */
export function gatewayRoutes(): string[] {
  return globSync('**/*.controller.ts', { cwd: GATEWAY })
    .flatMap((file) => routesIn(readFileSync(join(GATEWAY, file), 'utf8')))
    .filter((route) => !REFERENCE.has(route));
}

function routesIn(source: string): string[] {
  const prefix = CLASS.exec(source)?.[1];
  if (prefix === undefined) return [];
  return [...source.matchAll(METHOD)].map(
    ([, method = '', path]) => `${method.toUpperCase()} /${[prefix, path].filter(Boolean).join('/')}`,
  );
}
