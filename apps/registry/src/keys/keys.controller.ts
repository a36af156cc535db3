import { Body, Delete, Get, Header, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { WaitsForProxies } from '../proxies/waits-for-proxies.interceptor.js';
import { AdminController } from '../admins/admin-controller.js';
import { Idempotent } from '../idempotency/idempotent.interceptor.js';
import { Operation } from '../rest/operation.js';
import { type Page, PageQuery } from '../rest/paging.js';
import { withLocation } from '../rest/resource-headers.js';
import { ChangeKeyDto, IssueKeyDto } from './key.dto.js';
import { IssuedKeyView, KeyView, toIssuedKeyView, toKeyView } from './key.view.js';
import { KeysService } from './keys.service.js';

/** Keys of callers. */
@AdminController('keys', 'keys')
export class KeysController {
  constructor(private readonly keys: KeysService) {}

  @Post()
  @Operation('createKey', 'Makes a key for callers of virtual servers; only this answer has it', {
    status: 201,
    answer: IssuedKeyView,
    errors: ['secret_shown_once'],
    description:
      'The key is not stored, so an `Idempotency-Key` makes sure that only one is made, and a repeated request is answered ' +
      'with 409 `secret_shown_once` and the id of that one.',
  })
  @WaitsForProxies()
  @Idempotent({ shownOnce: true })
  @Header('cache-control', 'no-store')
  async issue(@Body() dto: IssueKeyDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<IssuedKeyView> {
    const { key, token } = await this.keys.issue(dto);
    return withLocation(reply, 'keys', toIssuedKeyView(key, token));
  }

  @Get()
  @Operation('listKeys', 'Lists the keys that are not revoked, oldest first', { page: KeyView })
  async list(@Query() query: PageQuery): Promise<Page<KeyView>> {
    const { items, ...page } = await this.keys.list(query);
    return { items: items.map(toKeyView), ...page };
  }

  @Get(':id')
  @Operation('getKey', 'Shows a key that is not revoked, without the key itself', { answer: KeyView })
  async find(@Param('id') id: string): Promise<KeyView> {
    return toKeyView(await this.keys.find(id));
  }

  @Patch(':id')
  @Operation('changeKey', 'Changes the roles of a key: they count within two seconds, also for streams that are open', {
    answer: KeyView,
  })
  @WaitsForProxies()
  async change(@Param('id') id: string, @Body() dto: ChangeKeyDto): Promise<KeyView> {
    return toKeyView(await this.keys.change(id, dto));
  }

  @Delete(':id')
  @Operation('revokeKey', 'Revokes a key', { status: 204 })
  @WaitsForProxies()
  revoke(@Param('id') id: string): Promise<void> {
    return this.keys.revoke(id);
  }
}
