import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessOf, rememberCaller } from './access.js';
import type { Authentication } from './authentication.js';

/** The key comes first, before anything of the request is looked at (contract 3.1, order). */
export class AuthGuard implements CanActivate {
  constructor(private readonly authentication: Authentication) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = accessOf(context.getHandler());
    if (access === 'anybody') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    rememberCaller(request, await this.authentication.callerBy(request.headers.authorization, access));
    return true;
  }
}
