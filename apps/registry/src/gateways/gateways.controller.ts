import { Body, Delete, Get, Headers, Param, Patch, Post, Query, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { WaitsForProxies } from '../proxies/waits-for-proxies.interceptor.js';
import { AdminController } from '../admins/admin-controller.js';
import { ClearCredentialGuard } from '../rest/clear-credential.guard.js';
import { Idempotent } from '../idempotency/idempotent.interceptor.js';
import { Operation } from '../rest/operation.js';
import type { Page } from '../rest/paging.js';
import { type ReadBack, ReadOnly, TakesView } from '../rest/read-back.js';
import { withLocation, withTag } from '../rest/resource-headers.js';
import { ChangeGatewayDto, RegisterGatewayDto, RemoveGatewayQuery } from './gateway.dto.js';
import { GatewaysQuery } from './gateway-list.dto.js';
import { GatewayView, toGatewayView } from './gateway.view.js';
import { GatewaysService } from './gateways.service.js';

const CONTENT_ERRORS = ['credential_in_clear', 'url_forbidden', 'mapping_forbidden'] as const;

/** Upstream MCP servers. */
@AdminController('gateways', 'gateways')
@UseGuards(ClearCredentialGuard)
export class GatewaysController {
  constructor(private readonly gateways: GatewaysService) {}

  @Post()
  @Operation('registerGateway', 'Registers an upstream MCP server; it serves after its first verification', {
    status: 201,
    answer: GatewayView,
    errors: [...CONTENT_ERRORS, 'slug_taken'],
    description:
      'With the slug and the URL of a deleted gateway, that one is back: with its id, its verifications and its places in ' +
      'virtual servers.',
  })
  @Idempotent()
  async register(
    @Body() dto: RegisterGatewayDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GatewayView> {
    const details = await this.gateways.register(dto);
    return withLocation(reply, 'gateways', withTag(reply, details.gateway, toGatewayView(details)));
  }

  @Get()
  @Operation('listGateways', 'Lists the gateways, oldest first unless another order is asked for', {
    page: GatewayView,
  })
  async list(@Query() query: GatewaysQuery): Promise<Page<GatewayView>> {
    const { items, ...page } = await this.gateways.list(query);
    return { items: items.map(toGatewayView), ...page };
  }

  @Get(':ref')
  @Operation('getGateway', 'Shows a gateway', { answer: GatewayView })
  async find(@Param('ref') ref: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<GatewayView> {
    const details = await this.gateways.find(ref);
    return withTag(reply, details.gateway, toGatewayView(details));
  }

  @Patch(':ref')
  @Operation(
    'changeGateway',
    'Changes a gateway; URL, transport, headers and certificates serve after a verification',
    {
      answer: GatewayView,
      versioned: true,
      errors: CONTENT_ERRORS,
    },
  )
  @TakesView(GatewayView, ChangeGatewayDto, ['id', 'slug', 'createdAt'])
  @WaitsForProxies()
  @Idempotent()
  async change(
    @Param('ref') ref: string,
    @Body() dto: ChangeGatewayDto,
    @ReadOnly() readOnly: ReadBack,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GatewayView> {
    const details = await this.gateways.change(ref, dto, ifMatch, readOnly);
    return withTag(reply, details.gateway, toGatewayView(details));
  }

  @Delete(':ref')
  @Operation('deleteGateway', 'Deletes a gateway that no virtual server has, or any with `force`', {
    status: 204,
    versioned: true,
    errors: ['gateway_in_use', 'credential_in_clear'],
  })
  @WaitsForProxies()
  @Idempotent()
  remove(
    @Param('ref') ref: string,
    @Query() { force }: RemoveGatewayQuery,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    return this.gateways.remove(ref, { isForced: force === 'true', ifMatch });
  }
}
