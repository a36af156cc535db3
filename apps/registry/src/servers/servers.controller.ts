import { Body, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { WaitsForProxies } from '../proxies/waits-for-proxies.interceptor.js';
import { AdminController } from '../admins/admin-controller.js';
import { Idempotent } from '../idempotency/idempotent.interceptor.js';
import { etagOf } from '../rest/etag.js';
import { type Page, PageQuery, toPage } from '../rest/paging.js';
import { ChangeServerDto, CreateServerDto } from './server.dto.js';
import { type ServerDetails, ServerView, toServerView } from './server.view.js';
import { ServersService } from './servers.service.js';

/** Virtual servers: what MCP clients see. */
@AdminController('servers', 'servers')
export class ServersController {
  constructor(private readonly servers: ServersService) {}

  @Post()
  @WaitsForProxies()
  @Idempotent()
  async create(@Body() dto: CreateServerDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<ServerView> {
    return withTag(reply, await this.servers.create(dto));
  }

  @Get()
  async list(@Query() query: PageQuery): Promise<Page<ServerView>> {
    const rows = await this.servers.list(query);
    return toPage(rows, query, ({ server }) => [server.createdAt.toISOString(), server.id], toServerView);
  }

  @Get(':ref')
  @ApiOkResponse({ type: ServerView })
  async find(@Param('ref') ref: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<ServerView> {
    return withTag(reply, await this.servers.find(ref));
  }

  @Patch(':ref')
  @WaitsForProxies()
  async change(
    @Param('ref') ref: string,
    @Body() dto: ChangeServerDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ServerView> {
    return withTag(reply, await this.servers.change(ref, dto, ifMatch));
  }

  @Delete(':ref')
  @WaitsForProxies()
  @HttpCode(204)
  remove(@Param('ref') ref: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    return this.servers.remove(ref, ifMatch);
  }
}

function withTag(reply: FastifyReply, details: ServerDetails): ServerView {
  void reply.header('etag', etagOf(details.server));
  return toServerView(details);
}
