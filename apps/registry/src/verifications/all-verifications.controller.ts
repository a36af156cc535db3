import { Get, Query } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Operation } from '../rest/operation.js';
import type { Page } from '../rest/paging.js';
import { VerificationsQuery } from './verification-list.dto.js';
import { toVerificationView, VerificationView } from './verification.view.js';
import { VerificationsService } from './verifications.service.js';

/** Verifications of all gateways. */
@AdminController('verifications', 'verifications')
export class AllVerificationsController {
  constructor(private readonly verifications: VerificationsService) {}

  @Get()
  @Operation(
    'listAllVerifications',
    'Lists the verifications of all gateways, newest first unless another order is asked for',
    { page: VerificationView },
  )
  async list(@Query() query: VerificationsQuery): Promise<Page<VerificationView>> {
    const { items, ...page } = await this.verifications.listAll(query);
    return { items: items.map((row) => toVerificationView(row)), ...page };
  }
}
