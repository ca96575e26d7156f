import type { z } from 'zod';

/** A header of an answer, and what it says. */
export interface DocumentedHeader {
  readonly description: string;
  /** Every value matches it. */
  readonly pattern?: string;
  /** Left out where there is nothing to say; otherwise the answer always has it. */
  readonly optional?: true;
}
export type DocumentedHeaders = Readonly<Record<string, DocumentedHeader>>;

/** What a route answers when it does what was asked. */
export interface DocumentedAnswer {
  readonly schema: z.ZodType;
  readonly example: unknown;
  readonly description?: string;
  /** Headers that only this answer has. */
  readonly headers?: DocumentedHeaders;
  /** `application/json` unless it says otherwise. */
  readonly contentType?: string;
}

/** What the reference says of a route beside what its schemas say themselves. */
export interface Documentation {
  /** One line. */
  readonly summary: string;
  /** The contract's section. */
  readonly section: string;
  readonly answers: Readonly<Record<number, DocumentedAnswer>>;
  /** Errors of its own; those that every route has go without saying. */
  readonly errors?: readonly (402 | 404 | 409)[];
  /** Where what is checked is not what is sent. */
  readonly body?: z.ZodType;
  readonly example?: { readonly body?: unknown; readonly query?: Readonly<Record<string, string>> };
  /** Request headers that mean something here, and what. */
  readonly headers?: Readonly<Record<string, string>>;
}

const documentation = new WeakMap<object, Documentation>();

/** Says what the reference shows of a controller's method; every route has it. */
export const Documented =
  (what: Documentation): MethodDecorator =>
  (target, method) => {
    documentation.set((target as Record<string | symbol, object>)[method] as object, what);
  };

export const documentationOf = (method: object): Documentation | undefined => documentation.get(method);
