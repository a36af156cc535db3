import { Readable } from 'node:stream';
import { Get, Query, StreamableFile } from '@nestjs/common';
import { AdminController, CurrentAdmin } from '../admins/admin-controller.js';
import type { AdminIdentity } from '../admins/admin-identity.js';
import { Requires } from '../admins/requires.js';
import { Operation } from '../rest/operation.js';
import { type Page, toPage } from '../rest/paging.js';
import { AuditLogService } from './audit-log.service.js';
import { AuditVerification } from './audit-verification.service.js';
import { AuditExportQuery, AuditQuery } from './audit.dto.js';
import { AuditEntryView, AuditVerificationView, toAuditEntryView } from './audit.view.js';

/** Who changed what. */
@AdminController('audit', 'audit')
export class AuditController {
  constructor(
    private readonly log: AuditLogService,
    private readonly verification: AuditVerification,
  ) {}

  @Get()
  @Operation('listAudit', 'Lists the entries of the audit log, newest first', { page: AuditEntryView })
  async list(@Query() query: AuditQuery, @CurrentAdmin() reader: AdminIdentity): Promise<Page<AuditEntryView>> {
    const rows = await this.log.list(query, reader);
    return toPage(rows, query, ({ seq }) => [seq], toAuditEntryView);
  }

  @Get('export')
  @Operation('exportAudit', 'Exports all entries, oldest first, as JSON lines', { type: 'application/x-ndjson' })
  @Requires('admin')
  export(@Query() query: AuditExportQuery): StreamableFile {
    return new StreamableFile(Readable.from(this.log.lines(query)), { type: 'application/x-ndjson' });
  }

  @Get('verification')
  @Operation('verifyAudit', 'Says whether the audit log is what was written', { answer: AuditVerificationView })
  verify(): Promise<AuditVerificationView> {
    return this.verification.verify();
  }
}
