import type { CatalogueItem, ConditionalCapability, Era, ItemKind, JsonObject } from '@lethe/contracts';
import { Get, Param, Query } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { type Page, PageQuery, toPage } from '../rest/paging.js';
import { toItem } from './catalogue-store.js';
import { CatalogueService } from './catalogue.service.js';

/** An item as the admin API shows it. */
export interface ItemView {
  kind: ItemKind;
  /** The upstream's own name of it. */
  name: string;
  /** Exactly as the upstream sent it. */
  definition: JsonObject;
  /** What it sent in the legacy era, if that differs. */
  legacyDefinition?: JsonObject;
  /** The only era in which the upstream lists it. */
  onlyIn?: Era;
  /** Client capabilities without which the upstream does not list it. */
  needs?: ConditionalCapability[];
  /** The upstream no longer lists it, and that was not reviewed yet. */
  stale: boolean;
}

/** Converts an item to its form in the admin API. */
export function toItemView({ own: name, ...item }: CatalogueItem, stale = false): ItemView {
  return { name, ...item, stale };
}

/** The items that a gateway's last applied verification found. */
@AdminController('gateways/:ref', 'catalogue')
export class CatalogueController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Get('tools')
  tools(@Param('ref') ref: string, @Query() query: PageQuery): Promise<Page<ItemView>> {
    return this.page(ref, 'tool', query);
  }

  @Get('resources')
  resources(@Param('ref') ref: string, @Query() query: PageQuery): Promise<Page<ItemView>> {
    return this.page(ref, 'resource', query);
  }

  @Get('resource-templates')
  resourceTemplates(@Param('ref') ref: string, @Query() query: PageQuery): Promise<Page<ItemView>> {
    return this.page(ref, 'resourceTemplate', query);
  }

  @Get('prompts')
  prompts(@Param('ref') ref: string, @Query() query: PageQuery): Promise<Page<ItemView>> {
    return this.page(ref, 'prompt', query);
  }

  private async page(ref: string, kind: ItemKind, query: PageQuery): Promise<Page<ItemView>> {
    const rows = await this.catalogue.list(ref, kind, query);
    return toPage(
      rows,
      query,
      ({ ordinal }) => [ordinal],
      (row) => toItemView(toItem(row), row.stale),
    );
  }
}
