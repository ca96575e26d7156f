import { apiReference, type OpenApi } from '@tollgate/gateway';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { checkHeaders, type DocumentedHeaders } from './reference-headers.js';

interface Response {
  readonly $ref?: string;
  readonly headers?: DocumentedHeaders;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

export interface CheckedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Every answer that a test gets is held against the reference: what it does not say, nobody may answer. */
export class Reference {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly checks = new Map<string, ValidateFunction>();
  private readonly routes: readonly { readonly segments: readonly string[]; readonly path: string }[];

  constructor(private readonly document: OpenApi = apiReference()) {
    (formats as unknown as (ajv: Ajv2020) => void)(this.ajv);
    this.routes = Object.keys(document.paths)
      .map((path) => ({ path, segments: path.split('/') }))
      .sort((one, other) => parameters(one.segments) - parameters(other.segments));
  }

  /** Throws when the reference does not have this answer. What is not under `/v1` is none of its own. */
  check(method: string, target: string, { status, headers, body }: CheckedAnswer): void {
    if (!target.startsWith('/v1/')) return;
    const segments = (target.split('?')[0] ?? '').split('/');
    const route = this.routes.find((one) => fits(one.segments, segments));
    const operation = route && this.document.paths[route.path]?.[method.toLowerCase()];
    const what = operation === undefined ? `Error${status}` : `${status} of ${operation.operationId}`;
    // What has no route, or not this method, is answered an error all the same.
    const found = operation === undefined ? this.errors[what] : (operation.responses[status] as Response | undefined);
    if (found === undefined) throw new Error(`the reference does not say that ${method} ${target} answers ${status}`);
    const response = this.resolved(found);
    const check = this.checkOf(what, response);
    if (!check(body)) throw new Error(`the reference says otherwise of ${what}: ${this.ajv.errorsText(check.errors)}`);
    checkHeaders(what, headers, response.headers ?? {});
  }

  private get errors(): Readonly<Record<string, Response>> {
    return this.document.components['responses'] as Readonly<Record<string, Response>>;
  }

  private checkOf(what: string, { content }: Response): ValidateFunction {
    const known = this.checks.get(what);
    if (known !== undefined) return known;
    const check = this.ajv.compile(Object.values(content ?? {})[0]?.schema ?? {});
    this.checks.set(what, check);
    return check;
  }

  private resolved(response: Response): Response {
    const name = response.$ref?.split('/').at(-1);
    return name === undefined ? response : (this.errors[name] ?? response);
  }
}

const isParameter = (segment: string): boolean => segment.startsWith('{');
const parameters = (segments: readonly string[]): number => segments.filter(isParameter).length;

const fits = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.length === segments.length &&
  pattern.every((part, index) => (isParameter(part) ? segments[index] !== '' : part === segments[index]));
