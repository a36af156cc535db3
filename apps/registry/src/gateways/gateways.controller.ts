import { Body, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { WaitsForProxies } from '../proxies/waits-for-proxies.interceptor.js';
import { AdminController } from '../admins/admin-controller.js';
import { ClearCredentialGuard } from '../rest/clear-credential.guard.js';
import { Idempotent } from '../idempotency/idempotent.interceptor.js';
import { etagOf } from '../rest/etag.js';
import { type Page, PageQuery, toPage } from '../rest/paging.js';
import { ChangeGatewayDto, RegisterGatewayDto } from './gateway.dto.js';
import { type GatewayDetails, GatewayView, toGatewayView } from './gateway.view.js';
import { GatewaysService } from './gateways.service.js';

/** Upstream MCP servers. */
@AdminController('gateways', 'gateways')
@UseGuards(ClearCredentialGuard)
export class GatewaysController {
  constructor(private readonly gateways: GatewaysService) {}

  @Post()
  @Idempotent()
  async register(
    @Body() dto: RegisterGatewayDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GatewayView> {
    return withTag(reply, await this.gateways.register(dto));
  }

  @Get()
  async list(@Query() query: PageQuery): Promise<Page<GatewayView>> {
    const rows = await this.gateways.list(query);
    return toPage(rows, query, ({ gateway }) => [gateway.createdAt.toISOString(), gateway.id], toGatewayView);
  }

  @Get(':ref')
  @ApiOkResponse({ type: GatewayView })
  async find(@Param('ref') ref: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<GatewayView> {
    return withTag(reply, await this.gateways.find(ref));
  }

  @Patch(':ref')
  @WaitsForProxies()
  async change(
    @Param('ref') ref: string,
    @Body() dto: ChangeGatewayDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GatewayView> {
    return withTag(reply, await this.gateways.change(ref, dto, ifMatch));
  }

  @Delete(':ref')
  @WaitsForProxies()
  @HttpCode(204)
  remove(@Param('ref') ref: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    return this.gateways.remove(ref, ifMatch);
  }
}

function withTag(reply: FastifyReply, details: GatewayDetails): GatewayView {
  void reply.header('etag', etagOf(details.gateway));
  return toGatewayView(details);
}
