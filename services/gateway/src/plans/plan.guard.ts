import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { callerOfRequest } from '../auth/access.js';
import { FEATURE, type Feature } from './feature.js';
import type { Features } from './features.js';

/** Behind the key, before anything of the request is looked at: whether the plan has what the route is about. */
export class PlanGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(private readonly features: Features) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const feature = this.reflector.get<Feature | undefined>(FEATURE, context.getHandler());
    if (feature === undefined) return true;
    const { tenant } = callerOfRequest(context.switchToHttp().getRequest<FastifyRequest>());
    await this.features.mustHave(tenant, feature);
    return true;
  }
}
