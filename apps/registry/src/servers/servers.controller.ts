import { Body, Delete, Get, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { WaitsForProxies } from '../proxies/waits-for-proxies.interceptor.js';
import { AdminController } from '../admins/admin-controller.js';
import { Idempotent } from '../idempotency/idempotent.interceptor.js';
import { Operation } from '../rest/operation.js';
import type { Page } from '../rest/paging.js';
import { type ReadBack, ReadOnly, TakesView } from '../rest/read-back.js';
import { withLocation, withTag } from '../rest/resource-headers.js';
import { ChangeItemsDto } from './items.dto.js';
import { ChangeServerDto, CreateServerDto } from './server.dto.js';
import { ServersQuery } from './server-list.dto.js';
import { ServerView, toServerView } from './server.view.js';
import { ServersService } from './servers.service.js';

const ITEM_ERRORS = [
  'header_clash',
  'too_many_sessionful',
  'session_token_too_large',
  'server_too_large',
  'name_clash',
] as const;
const CONTENT_ERRORS = [...ITEM_ERRORS, 'url_forbidden', 'too_many_roles', 'keeping_off', 'proxies_outdated'] as const;

/** Virtual servers: what MCP clients see. */
@AdminController('servers', 'servers')
export class ServersController {
  constructor(private readonly servers: ServersService) {}

  @Post()
  @Operation('createServer', 'Makes a virtual server, and publishes it to the proxies', {
    status: 201,
    answer: ServerView,
    errors: [...CONTENT_ERRORS, 'slug_taken'],
  })
  @WaitsForProxies()
  @Idempotent()
  async create(@Body() dto: CreateServerDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<ServerView> {
    const details = await this.servers.create(dto);
    return withLocation(reply, 'servers', withTag(reply, details.server, toServerView(details)));
  }

  @Get()
  @Operation('listServers', 'Lists the virtual servers, oldest first unless another order is asked for', {
    page: ServerView,
  })
  async list(@Query() query: ServersQuery): Promise<Page<ServerView>> {
    const { items, ...page } = await this.servers.list(query);
    return { items: items.map(toServerView), ...page };
  }

  @Get(':ref')
  @Operation('getServer', 'Shows a virtual server', { answer: ServerView })
  async find(@Param('ref') ref: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<ServerView> {
    const details = await this.servers.find(ref);
    return withTag(reply, details.server, toServerView(details));
  }

  @Patch(':ref')
  @Operation('changeServer', 'Changes a virtual server, and publishes it to the proxies', {
    answer: ServerView,
    versioned: true,
    errors: CONTENT_ERRORS,
  })
  @TakesView(ServerView, ChangeServerDto, ['id', 'slug', 'path', 'createdAt'])
  @WaitsForProxies()
  @Idempotent()
  async change(
    @Param('ref') ref: string,
    @Body() dto: ChangeServerDto,
    @ReadOnly() readOnly: ReadBack,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ServerView> {
    const details = await this.servers.change(ref, dto, ifMatch, readOnly);
    return withTag(reply, details.server, toServerView(details));
  }

  @Patch(':ref/items')
  @Operation('changeServerItems', 'Changes what a virtual server says about some items, and publishes it', {
    answer: ServerView,
    versioned: true,
    errors: ITEM_ERRORS,
    description:
      'Items that are not named stay as they are. What is absent of a named item stays; null takes it away (RFC 7396). ' +
      'Without `If-Match`, changes of different items at the same time are all made.',
  })
  @WaitsForProxies()
  @Idempotent()
  async changeItems(
    @Param('ref') ref: string,
    @Body() dto: ChangeItemsDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ServerView> {
    const details = await this.servers.changeItems(ref, dto, ifMatch);
    return withTag(reply, details.server, toServerView(details));
  }

  @Delete(':ref')
  @Operation('deleteServer', 'Deletes a virtual server; another one may get its slug', { status: 204, versioned: true })
  @WaitsForProxies()
  @Idempotent()
  remove(@Param('ref') ref: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    return this.servers.remove(ref, ifMatch);
  }
}
