import { Body, Delete, Get, Header, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { WaitsForProxies } from '../proxies/waits-for-proxies.interceptor.js';
import { AdminController } from '../admins/admin-controller.js';
import { Idempotent } from '../idempotency/idempotent.interceptor.js';
import { Operation } from '../rest/operation.js';
import type { Page } from '../rest/paging.js';
import { type ReadBack, ReadOnly, TakesView } from '../rest/read-back.js';
import { withLocation, withTag } from '../rest/resource-headers.js';
import type { CallerKey } from './caller-key.entity.js';
import { keyVersion } from './key-version.js';
import { ChangeKeyDto, IssueKeyDto, KeysQuery, RotateKeyDto } from './key.dto.js';
import { IssuedKeyView, KeyView, toIssuedKeyView, toKeyView } from './key.view.js';
import { KeysService } from './keys.service.js';
import { RotateKey } from './rotate-key.service.js';

/** Keys of callers. */
@AdminController('keys', 'keys')
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly rotation: RotateKey,
  ) {}

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
    tagged(reply, key);
    return withLocation(reply, 'keys', toIssuedKeyView(key, token));
  }

  @Get()
  @Operation('listKeys', 'Lists the keys that are not revoked, oldest first', { page: KeyView })
  async list(@Query() query: KeysQuery): Promise<Page<KeyView>> {
    const { items, ...page } = await this.keys.list(query);
    return { items: items.map(toKeyView), ...page };
  }

  @Get(':id')
  @Operation('getKey', 'Shows a key that is not revoked, without the key itself', { answer: KeyView })
  async find(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<KeyView> {
    return tagged(reply, await this.keys.find(id));
  }

  @Patch(':id')
  @Operation('changeKey', 'Changes name, roles or expiry of a key', {
    answer: KeyView,
    versioned: true,
    errors: ['proxies_outdated'],
    description:
      'Roles and expiry count within two seconds, roles also for streams that are open. A key can end earlier than the expiry ' +
      'that it was made with, but not later; one that has expired stays so.',
  })
  @TakesView(KeyView, ChangeKeyDto, ['id', 'servers', 'replaces', 'createdAt'])
  @WaitsForProxies()
  @Idempotent()
  async change(
    @Param('id') id: string,
    @Body() dto: ChangeKeyDto,
    @ReadOnly() readOnly: ReadBack,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<KeyView> {
    return tagged(reply, await this.keys.change(id, dto, ifMatch, readOnly));
  }

  @Post(':id/rotate')
  @Operation(
    'rotateKey',
    'Makes a key with the rights of this one, which then ends; only this answer has the new key',
    {
      status: 201,
      answer: IssuedKeyView,
      errors: ['key_replaced', 'proxies_outdated', 'secret_shown_once'],
      description: 'Name, virtual servers and roles are those of the old key.',
    },
  )
  @WaitsForProxies()
  @Idempotent({ shownOnce: true })
  @Header('cache-control', 'no-store')
  async rotate(
    @Param('id') id: string,
    @Body() dto: RotateKeyDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedKeyView> {
    const { key, token } = await this.rotation.rotate(id, dto);
    return withLocation(reply, 'keys', toIssuedKeyView(key, token));
  }

  @Delete(':id')
  @Operation('revokeKey', 'Revokes a key, and none that it was rotated from or to', { status: 204, versioned: true })
  @WaitsForProxies()
  @Idempotent()
  revoke(@Param('id') id: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    return this.keys.revoke(id, ifMatch);
  }
}

function tagged(reply: FastifyReply, key: CallerKey): KeyView {
  return withTag(reply, { version: keyVersion(key) }, toKeyView(key));
}
