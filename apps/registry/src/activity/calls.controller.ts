import { Get, Query } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Operation } from '../rest/operation.js';
import type { Page } from '../rest/paging.js';
import { CallsQuery } from './activity.dto.js';
import { CallView } from './call.view.js';
import { LastCalls } from './last-calls.service.js';

/** The last calls. */
@AdminController('calls', 'activity')
export class CallsController {
  constructor(private readonly calls: LastCalls) {}

  @Get()
  @Operation('listCalls', 'Lists some of the last calls, newest first', {
    page: CallView,
    description:
      'A sample: each proxy tells of at most 50 calls in five seconds, first calls of a caller and failures before others. ' +
      'The newest 2,000 are kept, for 24 hours. The log has every call.',
  })
  list(@Query() query: CallsQuery): Promise<Page<CallView>> {
    return this.calls.list(query, new Date());
  }
}
