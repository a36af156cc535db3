import { Controller, Get, Header, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { describeProblem } from './describe-problem.js';
import { Ops } from './ops.js';
import { ALIVE, METRICS_TEXT, readyAnswer } from './serve-ops.js';

/** The endpoints of every service for operators and orchestrators. */
@Controller()
export class OpsController {
  constructor(@Inject(Ops) private readonly ops: Ops) {}

  @Get('livez')
  live(): typeof ALIVE {
    return ALIVE;
  }

  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { status, body } = await readyAnswer(this.ops);
    void reply.status(status);
    return body;
  }

  @Get('metrics')
  @Header('content-type', METRICS_TEXT)
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
