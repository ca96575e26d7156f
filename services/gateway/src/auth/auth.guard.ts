import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { findKey, keyIsValid, type KeyEntry } from '@tollgate/journal';
import { apiKeyHash } from '@tollgate/sealing';
import type { FastifyRequest } from 'fastify';
import type { CurrentConfig } from '../config/current-config.js';
import { forbidden, invalidKey, missingToken } from '../http/contract-error.js';
import { ACCESS, rememberCaller, type Access } from './access.js';
import { bearerToken, callerOf } from './caller.js';

/** The key comes first, before anything of the request is looked at (contract 3.1, order). */
export class AuthGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(private readonly config: Pick<CurrentConfig, 'state' | 'readToEnd'>) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler()) ?? 'admin';
    if (access === 'anybody') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = bearerToken(request.headers.authorization);
    if (token === undefined) throw missingToken();
    const caller = callerOf(await this.keyOf(token));
    if (access === 'admin' && caller.role !== 'admin') throw forbidden('This needs an admin key');
    rememberCaller(request, caller);
    return true;
  }

  /** A key that another gateway made a moment ago is known, too: CONFIG is read to its end before a refusal (rule 12). */
  private async keyOf(token: string): Promise<KeyEntry> {
    const hash = apiKeyHash(token);
    const known = findKey(this.config.state, hash);
    if (keyIsValid(known, Date.now())) return known;
    await this.config.readToEnd();
    const newest = findKey(this.config.state, hash);
    if (!keyIsValid(newest, Date.now())) throw invalidKey();
    return newest;
  }
}
