import { Ctx, EventPattern, Payload } from '@nestjs/microservices';

/**
 * Marks a controller's method as the decision on these inputs: `<source>/<event type>`, `local/<type>` or `timer`.
 * Nest's `@EventPattern` with the signature that decisions have.
 */
export const Decides = (...patterns: string[]): MethodDecorator => EventPattern(patterns) as MethodDecorator;

/** The input: an event of a source, or what was submitted. */
export const Input = Payload;

/** The {@link Turn}: state, configuration and time as of this input. */
export const AsOf = Ctx;
