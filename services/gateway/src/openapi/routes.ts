import { RequestMethod, type Type } from '@nestjs/common';
import type { z } from 'zod';
import { accessOf, type Access } from '../auth/access.js';
import { documentationOf, type Documentation } from './documented.js';

/** A route as its controller declares it: what Nest routes by and what is checked, read from the same decorators. */
export interface Route {
  readonly method: string;
  /** With `{name}` for each parameter. */
  readonly path: string;
  readonly access: Access;
  readonly operationId: string;
  readonly documentation: Documentation | undefined;
  readonly body: z.ZodType | undefined;
  readonly query: z.ZodObject | undefined;
  readonly params: z.ZodObject | undefined;
}

/** What Nest keeps of a controller's methods, by its own names. */
const PATH = 'path';
const METHOD = 'method';
const ARGUMENTS = '__routeArguments__';
const PLACES = { 3: 'body', 4: 'query', 5: 'params' } as const;

export const routesOf = (controllers: readonly Type[]): readonly Route[] => controllers.flatMap(routesIn);

function routesIn(controller: Type): readonly Route[] {
  const base = String(Reflect.getMetadata(PATH, controller) ?? '');
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    if (handler === undefined || !Reflect.hasMetadata(METHOD, handler)) return [];
    const paths = [Reflect.getMetadata(PATH, handler) as string | string[]].flat();
    return paths.map((path) => route(controller, name, handler, [base, path].join('/')));
  });
}

function route(controller: Type, name: string, handler: object, path: string): Route {
  const schemas = schemasOf(controller, name);
  return {
    method: (RequestMethod[Reflect.getMetadata(METHOD, handler) as number] ?? '').toLowerCase(),
    path: `/${path.split('/').filter(Boolean).map(parameter).join('/')}`,
    access: accessOf(handler),
    operationId: `${controller.name.replace('Controller', '').toLowerCase()}_${name}`,
    documentation: documentationOf(handler),
    body: schemas.body,
    query: schemas.query as z.ZodObject | undefined,
    params: schemas.params as z.ZodObject | undefined,
  };
}

const parameter = (segment: string): string => (segment.startsWith(':') ? `{${segment.slice(1)}}` : segment);

type Schemas = { body?: z.ZodType; query?: z.ZodType; params?: z.ZodType };

function schemasOf(controller: Type, name: string): Schemas {
  const args = (Reflect.getMetadata(ARGUMENTS, controller, name) ?? {}) as Record<string, { schema?: z.ZodType }>;
  const schemas: Schemas = {};
  for (const [place, { schema }] of Object.entries(args)) {
    const kind = PLACES[Number(place.split(':')[0]) as keyof typeof PLACES];
    if (kind !== undefined && schema !== undefined) schemas[kind] = schema;
  }
  return schemas;
}
