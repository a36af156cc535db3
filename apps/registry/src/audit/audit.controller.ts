import { Readable } from 'node:stream';
import { Get, Query, StreamableFile } from '@nestjs/common';
import { ApiBadRequestResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { AdminController, CurrentAdmin } from '../admins/admin-controller.js';
import type { AdminIdentity } from '../admins/admin-identity.js';
import { Requires } from '../admins/requires.js';
import { ApiPage } from '../rest/api-page.js';
import { type Page, toPage } from '../rest/paging.js';
import { AuditLogService } from './audit-log.service.js';
import { AuditVerification } from './audit-verification.service.js';
import { AuditExportQuery, AuditQuery } from './audit.dto.js';
import { AuditEntryView, AuditVerificationView, toAuditEntryView } from './audit.view.js';

const BAD_REQUEST = { description: '`invalid_request`: `errors` has each parameter and the rule that it breaks' };

/** Who changed what. */
@AdminController('audit', 'audit')
export class AuditController {
  constructor(
    private readonly log: AuditLogService,
    private readonly verification: AuditVerification,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listAudit', summary: 'Entries of the audit log, newest first' })
  @ApiPage(AuditEntryView)
  @ApiBadRequestResponse(BAD_REQUEST)
  async list(@Query() query: AuditQuery, @CurrentAdmin() reader: AdminIdentity): Promise<Page<AuditEntryView>> {
    const rows = await this.log.list(query, reader);
    return toPage(rows, query, ({ seq }) => [seq], toAuditEntryView);
  }

  @Get('export')
  @Requires('admin')
  @ApiOperation({ operationId: 'exportAudit', summary: 'All entries, oldest first, as JSON lines' })
  @ApiOkResponse({ content: { 'application/x-ndjson': { schema: { type: 'string' } } } })
  @ApiBadRequestResponse(BAD_REQUEST)
  export(@Query() query: AuditExportQuery): StreamableFile {
    return new StreamableFile(Readable.from(this.log.lines(query)), { type: 'application/x-ndjson' });
  }

  @Get('verification')
  @ApiOperation({ operationId: 'verifyAudit', summary: 'Whether the audit log is what was written' })
  @ApiOkResponse({ type: AuditVerificationView })
  verify(): Promise<AuditVerificationView> {
    return this.verification.verify();
  }
}
