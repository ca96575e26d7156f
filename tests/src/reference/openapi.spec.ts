import { Validator } from '@seriousme/openapi-schema-validator';
import { apiReference } from '@tollgate/gateway';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { gatewayRoutes } from '../record/gateway-routes.js';

/** As a client gets it: what is undefined is not there. */
const document = JSON.parse(JSON.stringify(apiReference())) as ReturnType<typeof apiReference>;

const ajv = new Ajv2020({ strict: false });
(formats as unknown as (ajv: Ajv2020) => void)(ajv);

type Media = Readonly<Record<string, { readonly schema: object; readonly example?: unknown }>>;

/** Every place of the document that has a schema and an example of it. */
function* examples(): Iterable<[where: string, schema: object, example: unknown]> {
  const responses = document.components['responses'] as Readonly<Record<string, { content: Media }>>;
  for (const [name, { content }] of Object.entries(responses)) yield* inMedia(name, content);
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const where = `${method} ${path}`;
      yield* inMedia(where, (operation['requestBody'] as { content?: Media } | undefined)?.content ?? {});
      for (const [status, response] of Object.entries(operation.responses))
        yield* inMedia(`${where} ${status}`, (response as { content?: Media }).content ?? {});
    }
  }
}

function* inMedia(where: string, content: Media): Iterable<[string, object, unknown]> {
  for (const { schema, example } of Object.values(content)) if (example !== undefined) yield [where, schema, example];
}

describe('contract 8, the OpenAPI reference', () => {
  it('is valid OpenAPI 3.1, by a validator of somebody else’s', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document) as never)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has every route of the gateway, its own too', () => {
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(routes.toSorted()).toEqual(gatewayRoutes().toSorted());
  });

  it.each([...examples()])('shows an example that is true: %s', (_where, schema, example) => {
    const check = ajv.compile(schema);
    expect([check(example), check.errors]).toEqual([true, null]);
  });

  it('has an example of every answer and of every body that has members', () => {
    const shown = new Set([...examples()].map(([where]) => where));
    const missing = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) =>
        Object.keys(responses)
          .filter((status) => Number(status) < 300 && !shown.has(`${method} ${path} ${status}`))
          .map((status) => `${method} ${path} ${status}`),
      ),
    );
    expect(missing).toEqual([]);
  });
});
