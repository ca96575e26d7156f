import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { answerHealth, type HealthSource } from '@tollgate/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ForAnybody } from '../auth/access.js';

export const HEALTH_SOURCE = Symbol('health of this process');

/** Contract section 8, outside authentication and outside `/v1`. */
@Controller()
export class HealthController {
  constructor(@Inject(HEALTH_SOURCE) private readonly source: HealthSource) {}

  @Get(['healthz', 'readyz', 'metricsz'])
  @ForAnybody()
  async answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await answerHealth(request.routeOptions.url ?? '', this.source);
    await reply
      .code(answer?.status ?? 404)
      .header('content-type', answer?.contentType ?? 'application/json')
      .send(answer?.body);
  }
}
