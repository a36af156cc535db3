import { Body, Delete, Get, Header, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { WaitsForProxies } from '../proxies/waits-for-proxies.interceptor.js';
import { AdminController } from '../admins/admin-controller.js';
import { type Page, PageQuery, toPage } from '../rest/paging.js';
import { ChangeKeyDto, IssueKeyDto } from './key.dto.js';
import { IssuedKeyView, KeyView, toIssuedKeyView, toKeyView } from './key.view.js';
import { KeysService } from './keys.service.js';

/** Keys of callers. */
@AdminController('keys', 'keys')
export class KeysController {
  constructor(private readonly keys: KeysService) {}

  @Post()
  @WaitsForProxies()
  @Header('cache-control', 'no-store')
  @ApiCreatedResponse({ type: IssuedKeyView })
  async issue(@Body() dto: IssueKeyDto): Promise<IssuedKeyView> {
    const { key, token } = await this.keys.issue(dto);
    return toIssuedKeyView(key, token);
  }

  @Get()
  async list(@Query() query: PageQuery): Promise<Page<KeyView>> {
    const rows = await this.keys.list(query);
    return toPage(rows, query, ({ createdAt, id }) => [createdAt.toISOString(), id], toKeyView);
  }

  @Patch(':id')
  @WaitsForProxies()
  @ApiOperation({ summary: "Changes a key's roles. They count within two seconds, also for streams that are open" })
  @ApiOkResponse({ type: KeyView })
  async change(@Param('id') id: string, @Body() dto: ChangeKeyDto): Promise<KeyView> {
    return toKeyView(await this.keys.change(id, dto));
  }

  @Delete(':id')
  @WaitsForProxies()
  @HttpCode(204)
  revoke(@Param('id') id: string): Promise<void> {
    return this.keys.revoke(id);
  }
}
