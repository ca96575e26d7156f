import type { z } from 'zod';
import type { DocumentedAnswer, DocumentedHeaders } from './documented.js';
import { BEHIND_A_KEY, ERRORS, EVERYWHERE, type ErrorStatus } from './errors.js';
import type { Route } from './routes.js';
import { schemaOf, type JsonSchema } from './schema-of.js';

/** An OpenAPI 3.1 document, as far as we make one. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly responses: Readonly<Record<string, object>>;
  readonly [member: string]: unknown;
}

const JSON_TYPE = 'application/json';
const REQUEST_ID = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };

/**
 * The reference of all routes that are documented, from the schemas that check what is sent.
 *
 * @throws TypeError for a route that nobody has documented
 */
export const openApi = (routes: readonly Route[]): OpenApi => ({
  openapi: '3.1.1',
  info: {
    title: 'Tollgate',
    version: '1',
    description:
      'The control layer between AI agents and real actions. Bodies are JSON whatever their Content-Type says.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  security: [{ key: [] }],
  paths: pathsOf(routes),
  components: {
    securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key, `tg_live_…`' } },
    headers: {
      RequestId: { description: 'Echoed where it was sent, else minted', required: true, schema: { type: 'string' } },
    },
    responses: Object.fromEntries(
      Object.entries(ERRORS).map(([status, { description, schema, example, ...more }]) => [
        `Error${status}`,
        {
          description,
          headers: { ...REQUEST_ID, ...headersOf('headers' in more ? more.headers : {}) },
          content: { [JSON_TYPE]: { schema: schemaOf(schema), example } },
        },
      ]),
    ),
  },
});

function pathsOf(routes: readonly Route[]): OpenApi['paths'] {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operationOf(route);
  return paths;
}

function operationOf(route: Route): Operation {
  const { documentation, operationId, body, access } = route;
  if (documentation === undefined) throw new TypeError(`${route.method} ${route.path} is not documented`);
  const { summary, section, answers, errors = [], example } = documentation;
  const parameters = [...parametersOf(route), ...requestHeaders(documentation.headers ?? {})];
  return {
    operationId,
    summary,
    tags: [section],
    ...(access === 'anybody' ? { security: [] } : {}),
    ...(access === 'admin' ? { description: 'Needs an admin key.' } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(documentation.body ?? body, example?.body) }),
    responses: {
      ...successes(answers),
      ...failures([...EVERYWHERE, ...(access === 'anybody' ? [] : [...BEHIND_A_KEY, ...byShape(route), ...errors])]),
    },
  };
}

/** A body may be too large, a segment of a path undecodable. */
const byShape = ({ body, params }: Route): readonly ErrorStatus[] => [
  ...(body === undefined ? [] : ([413] as const)),
  ...(params === undefined ? [] : ([404] as const)),
];

const requestBody = (schema: z.ZodType, example: unknown): object => ({
  required: true,
  content: { [JSON_TYPE]: { schema: schemaOf(schema), ...(example === undefined ? {} : { example }) } },
});

function parametersOf({ params, query, documentation }: Route): object[] {
  return [...shapeOf(params, 'path'), ...shapeOf(query, 'query', documentation?.example?.query)];
}

function shapeOf(
  schema: z.ZodObject | undefined,
  place: 'path' | 'query',
  examples: Readonly<Record<string, string>> = {},
): object[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: one,
    ...(examples[name] === undefined ? {} : { example: examples[name] }),
  }));
}

const requestHeaders = (headers: Readonly<Record<string, string>>): object[] =>
  Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));

const successes = (answers: Readonly<Record<number, DocumentedAnswer>>): Record<string, object> =>
  Object.fromEntries(
    Object.entries(answers).map(([status, { schema, example, description, headers = {}, contentType = JSON_TYPE }]) => [
      status,
      {
        description: description ?? 'Done',
        headers: { ...REQUEST_ID, ...headersOf(headers) },
        content: { [contentType]: { schema: schemaOf(schema), example } },
      },
    ]),
  );

const headersOf = (headers: DocumentedHeaders): Record<string, object> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, { description, pattern, optional }]) => [
      name,
      {
        description,
        required: optional !== true,
        schema: { type: 'string', ...(pattern === undefined ? {} : { pattern }) },
      },
    ]),
  );

const failures = (statuses: readonly ErrorStatus[]): Record<string, object> =>
  Object.fromEntries(
    [...new Set(statuses)].sort().map((status) => [status, { $ref: `#/components/responses/Error${status}` }]),
  );
