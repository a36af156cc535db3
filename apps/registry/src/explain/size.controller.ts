import { Get, Param, Query } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Operation } from '../rest/operation.js';
import { SizeQuery } from './size.dto.js';
import { SizeService } from './size.service.js';
import { ServerSizeView } from './size.view.js';

/** How much of a model's context a virtual server takes. */
@AdminController('servers', 'servers')
export class SizeController {
  constructor(private readonly sizes: SizeService) {}

  @Get(':ref/size')
  @Operation('measureServer', 'Tells how large the list of a virtual server is as a model sees it', {
    answer: ServerSizeView,
    description:
      'Of each item it counts the JSON of what clients commonly give a model: name, description and input schema of a ' +
      'tool, in the era in which they are longer. Items of a gateway that is switched off are in no list.',
  })
  measure(@Param('ref') ref: string, @Query() query: SizeQuery): Promise<ServerSizeView> {
    return this.sizes.measure(ref, query);
  }
}
