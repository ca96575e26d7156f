import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Draft } from '@tollgate/events';
import type { Decide, Turn } from './stage-definition.js';

interface Decision {
  readonly method: string | symbol;
  /** What stands at each place of the parameter list. */
  readonly parameters: ('input' | 'turn')[];
}

/** The decisions of a controller's class by pattern, noted beside what Nest notes. */
const decisions = new WeakMap<object, Map<string, Decision>>();
const parameters = new WeakMap<object, Map<string | symbol, ('input' | 'turn')[]>>();

/**
 * Marks a controller's method as the decision on these inputs: `<source>/<event type>`, `local/<type>` or `timer`.
 * Nest's `@EventPattern` with the signature that decisions have.
 */
export const Decides =
  (...patterns: string[]): MethodDecorator =>
  (target, method, descriptor) => {
    const own = decisions.get(target) ?? new Map<string, Decision>();
    decisions.set(target, own);
    const places = parametersOf(target, method);
    for (const pattern of patterns) own.set(pattern, { method, parameters: places });
    return (EventPattern(patterns) as MethodDecorator)(target, method, descriptor);
  };

/** The input: an event of a source, or what was submitted. */
export const Input = (): ParameterDecorator => parameter('input', Payload());

/** The {@link Turn}: state, configuration and time as of this input. */
export const AsOf = (): ParameterDecorator => parameter('turn', Ctx());

/** The same decisions without Nest, for what drives a stage by itself. */
export function decisionsOf<S>(controller: object): Decide<S> {
  const own = decisions.get(Object.getPrototypeOf(controller) as object);
  return (pattern, input, turn) => {
    const decision = own?.get(pattern);
    return decision === undefined ? undefined : call(controller, decision, input, turn);
  };
}

async function call<S>(controller: object, { method, parameters: places }: Decision, input: unknown, turn: Turn<S>) {
  const decide = (controller as Record<string | symbol, (...values: unknown[]) => readonly Draft[]>)[method];
  return await Promise.resolve(
    decide?.apply(
      controller,
      places.map((place) => (place === 'input' ? input : turn)),
    ),
  );
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
