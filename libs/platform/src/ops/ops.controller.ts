import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Ops } from './ops.js';

/** The endpoints of every service for operators and orchestrators. */
@Controller()
export class OpsController {
  constructor(@Inject(Ops) private readonly ops: Ops) {}

  @Get('livez')
  live(): { status: 'alive' } {
    return { status: 'alive' };
  }

  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { isReady, checks } = await this.ops.report();
    void reply.status(isReady ? 200 : 503);
    return { status: isReady ? 'ready' : 'not_ready', checks };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  scrape(): Promise<string> {
    return this.ops.metrics();
  }
}
