import { Get, Query } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Operation } from '../rest/operation.js';
import { ActivityQuery } from './activity.dto.js';
import { ActivityService } from './activity.service.js';
import { ActivityView } from './activity.view.js';

/** How calls ended lately. */
@AdminController('activity', 'activity')
export class ActivityController {
  constructor(private readonly activity: ActivityService) {}

  @Get()
  @Operation('getActivity', 'Says how many calls proxies had, how they ended, and which limits they hit', {
    answer: ActivityView,
    description:
      'Proxies tell it every five seconds. What a proxy tells while no registry hears it is not counted; metrics are complete.',
  })
  view(@Query() query: ActivityQuery): Promise<ActivityView> {
    return this.activity.view(query, new Date());
  }
}
