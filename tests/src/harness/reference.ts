import { apiReference, type OpenApi } from '@tollgate/gateway';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

interface Response {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
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

  /** Throws when the reference does not have this answer. A path that it does not have is none of its own. */
  check(method: string, target: string, status: number, body: unknown): void {
    const segments = (target.split('?')[0] ?? '').split('/');
    const route = this.routes.find((one) => fits(one.segments, segments));
    const operation = route && this.document.paths[route.path]?.[method.toLowerCase()];
    if (route === undefined || operation === undefined) return;
    const what = `${method} ${route.path} ${status}`;
    const response = operation.responses[status] as Response | undefined;
    if (response === undefined) throw new Error(`the reference does not say that ${what} is answered`);
    const check = this.checkOf(what, response);
    if (!check(body)) throw new Error(`the reference says otherwise of ${what}: ${this.ajv.errorsText(check.errors)}`);
  }

  private checkOf(what: string, response: Response): ValidateFunction {
    const known = this.checks.get(what);
    if (known !== undefined) return known;
    const { content } = this.resolved(response);
    const check = this.ajv.compile(content?.['application/json']?.schema ?? {});
    this.checks.set(what, check);
    return check;
  }

  private resolved(response: Response): Response {
    const name = response.$ref?.split('/').at(-1);
    const shared = this.document.components['responses'] as Readonly<Record<string, Response>>;
    return name === undefined ? response : (shared[name] ?? response);
  }
}

const isParameter = (segment: string): boolean => segment.startsWith('{');
const parameters = (segments: readonly string[]): number => segments.filter(isParameter).length;

const fits = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.length === segments.length &&
  pattern.every((part, index) => (isParameter(part) ? segments[index] !== '' : part === segments[index]));
