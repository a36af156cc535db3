import { Controller, Get, Header, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { describeProblem } from './describe-problem.js';
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

  /** Where the `type` of problem details leads. */
  @Get('problems/:code')
  @Header('content-type', 'text/plain; charset=utf-8')
  problem(@Param('code') code: string): string {
    return describeProblem(code);
  }
}
