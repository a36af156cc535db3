import { Get } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Operation } from '../rest/operation.js';
import { OverviewService } from './overview.service.js';
import { OverviewView } from './overview.view.js';

/** What the first screen of the console shows. */
@AdminController('overview', 'status')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  @Get()
  @Operation(
    'getOverview',
    'Counts gateways, virtual servers, keys and kept credentials, and names those that end soon',
    {
      answer: OverviewView,
    },
  )
  view(): Promise<OverviewView> {
    return this.overview.view();
  }
}
