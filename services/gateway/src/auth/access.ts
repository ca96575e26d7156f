import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';

/** Who may use a route: `admin` unless it says otherwise. */
export type Access = 'admin' | 'agent' | 'anybody';

export const ACCESS = 'tollgate:access';

/** Agent keys too, for the agents that they name. */
export const ForAgents = () => SetMetadata(ACCESS, 'agent' satisfies Access);

/** Outside authentication. */
export const ForAnybody = () => SetMetadata(ACCESS, 'anybody' satisfies Access);

/** Who may use a route that is declared so. */
export const accessOf = (handler: object): Access =>
  (Reflect.getMetadata(ACCESS, handler) as Access | undefined) ?? 'admin';

const callers = new WeakMap<FastifyRequest, Caller>();

export function rememberCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** Undefined on a route that is open to anybody. */
export const knownCaller = (request: FastifyRequest): Caller | undefined => callers.get(request);

/** The caller, whom the guard has let in. */
export function callerOfRequest(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('this route is open to anybody: it has no caller');
  return caller;
}

export const TheCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller =>
  callerOfRequest(context.switchToHttp().getRequest<FastifyRequest>()),
);
