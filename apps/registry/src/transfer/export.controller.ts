import { Readable } from 'node:stream';
import { Get, Headers, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { AdminController } from '../admins/admin-controller.js';
import { Operation } from '../rest/operation.js';
import { ExportService } from './export.service.js';
import { ExportQuery } from './import.dto.js';
import { formFor, MEDIA_TYPES } from './write-document.js';

/** Gateways and virtual servers as a document. */
@AdminController('export', 'transfer')
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  @Get()
  @Operation('exportDocument', 'Exports gateways and virtual servers as a document', {
    type: MEDIA_TYPES.yaml,
    errors: ['not_found'],
    description:
      'YAML (RFC 9512), or JSON if `Accept` asks for that. The document has no secret, no key of a caller, no administrator, ' +
      'no id and no time: the same content always gives the same bytes.',
  })
  @ApiProduces(MEDIA_TYPES.json)
  async export(@Query() query: ExportQuery, @Headers('accept') accept: string | undefined): Promise<StreamableFile> {
    const form = formFor(accept);
    return new StreamableFile(Readable.from(await this.exports.document(query, form)), { type: MEDIA_TYPES[form] });
  }
}
