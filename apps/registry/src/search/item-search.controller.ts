import { Get, Query } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Operation } from '../rest/operation.js';
import type { Page } from '../rest/paging.js';
import { FoundItemView } from './found-item.view.js';
import { ItemsQuery } from './item-search.dto.js';
import { ItemSearchService } from './item-search.service.js';

/** Items of all gateways. */
@AdminController('items', 'catalogue')
export class ItemSearchController {
  constructor(private readonly search: ItemSearchService) {}

  @Get()
  @Operation('findItems', 'Finds items in the catalogues of all gateways, and the virtual servers that expose them', {
    page: FoundItemView,
    description: 'What a verification has found is found here within a second, by another registry within ten.',
  })
  find(@Query() query: ItemsQuery): Promise<Page<FoundItemView>> {
    return this.search.find(query);
  }
}
