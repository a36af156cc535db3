import type { ItemKind } from '@lethe/contracts';
import { Get, Param, Query } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Operation } from '../rest/operation.js';
import { type Page, PageQuery, toPage } from '../rest/paging.js';
import { toItem } from './catalogue-store.js';
import { CatalogueService } from './catalogue.service.js';
import { ItemView, toItemView } from './item.view.js';

/** The items that a gateway's last applied verification found. */
@AdminController('gateways/:ref', 'catalogue')
export class CatalogueController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Get('tools')
  @Operation('listTools', "Lists the tools of a gateway, in the upstream's order", { page: ItemView })
  tools(@Param('ref') ref: string, @Query() query: PageQuery): Promise<Page<ItemView>> {
    return this.page(ref, 'tool', query);
  }

  @Get('resources')
  @Operation('listResources', "Lists the resources of a gateway, in the upstream's order", { page: ItemView })
  resources(@Param('ref') ref: string, @Query() query: PageQuery): Promise<Page<ItemView>> {
    return this.page(ref, 'resource', query);
  }

  @Get('resource-templates')
  @Operation('listResourceTemplates', "Lists the resource templates of a gateway, in the upstream's order", {
    page: ItemView,
  })
  resourceTemplates(@Param('ref') ref: string, @Query() query: PageQuery): Promise<Page<ItemView>> {
    return this.page(ref, 'resourceTemplate', query);
  }

  @Get('prompts')
  @Operation('listPrompts', "Lists the prompts of a gateway, in the upstream's order", { page: ItemView })
  prompts(@Param('ref') ref: string, @Query() query: PageQuery): Promise<Page<ItemView>> {
    return this.page(ref, 'prompt', query);
  }

  private async page(ref: string, kind: ItemKind, query: PageQuery): Promise<Page<ItemView>> {
    const rows = await this.catalogue.list(ref, kind, query);
    return toPage(
      rows,
      query,
      ({ row }) => [row.ordinal],
      ({ row, tags }) => ({ ...toItemView(toItem(row), row.stale), tags }),
    );
  }
}
