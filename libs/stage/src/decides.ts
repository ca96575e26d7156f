import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Draft } from '@tollgate/events';
import type { Answer, Decide } from './stage-definition.js';

interface Decision {
  readonly method: string | symbol;
  /** What stands at each place of the parameter list. */
  readonly parameters: ('input' | 'turn')[];
}

/** The decisions and answers of a controller's class by pattern, noted beside what Nest notes. */
const decisions = new WeakMap<object, Map<string, Decision>>();
const parameters = new WeakMap<object, Map<string | symbol, ('input' | 'turn')[]>>();

/**
 * Marks a controller's method as the decision on these inputs: `<source>/<event type>`, `local/<type>` or `timer`.
 * Nest's `@EventPattern` with the signature that decisions have.
 */
export const Decides = (...patterns: string[]): MethodDecorator => noted(patterns);

/**
 * Marks a controller's method as the answer to a plain question, from the state alone: it changes nothing and is
 * journaled nowhere. What it says holds of everything that the stage's inputs held when it was asked.
 */
export const Answers = (about: string): MethodDecorator => noted([questionPattern(about)]);

/** No source is called so. */
export const questionPattern = (about: string): string => `asked/${about}`;

const noted =
  (patterns: string[]): MethodDecorator =>
  (target, method, descriptor) => {
    const own = decisions.get(target) ?? new Map<string, Decision>();
    decisions.set(target, own);
    const places = parametersOf(target, method);
    for (const pattern of patterns) own.set(pattern, { method, parameters: places });
    return (EventPattern(patterns) as MethodDecorator)(target, method, descriptor);
  };

/** The input: an event of a source, or what was submitted. */
export const Input = (): ParameterDecorator => parameter('input', Payload());

/** The `Turn`: state, configuration and time as of this input. */
export const AsOf = (): ParameterDecorator => parameter('turn', Ctx());

/** The same decisions without Nest, for what drives a stage by itself. */
export function decisionsOf<S>(controller: object): Decide<S> {
  return (pattern, input, turn) => call<readonly Draft[]>(controller, pattern, input, turn);
}

/** The same answers without Nest. */
export function answersOf<S>(controller: object): Answer<S> {
  return (about, details, turn) => call<unknown>(controller, questionPattern(about), details, turn);
}

function call<T>(controller: object, pattern: string, input: unknown, turn: unknown): Promise<T> | undefined {
  const decision = decisions.get(Object.getPrototypeOf(controller) as object)?.get(pattern);
  if (decision === undefined) return undefined;
  const method = (controller as Record<string | symbol, (...values: unknown[]) => T | Promise<T>>)[decision.method];
  const values = decision.parameters.map((place) => (place === 'input' ? input : turn));
  return Promise.resolve(method?.apply(controller, values) as T | Promise<T>);
}

const parameter =
  (what: 'input' | 'turn', nest: ParameterDecorator): ParameterDecorator =>
  (target, method, index) => {
    if (method !== undefined) parametersOf(target, method)[index] = what;
    nest(target, method, index);
  };

function parametersOf(target: object, method: string | symbol): ('input' | 'turn')[] {
  const own = parameters.get(target) ?? new Map<string | symbol, ('input' | 'turn')[]>();
  parameters.set(target, own);
  const places = own.get(method) ?? [];
  own.set(method, places);
  return places;
}
