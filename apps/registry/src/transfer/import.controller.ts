import { Body, Headers, Post, Query, Res, SetMetadata } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AdminController } from '../admins/admin-controller.js';
import { Requires } from '../admins/requires.js';
import { WaitsForProxies } from '../proxies/waits-for-proxies.interceptor.js';
import { Operation, OTHER_TYPE } from '../rest/operation.js';
import { ImportDto, ImportQuery } from './import.dto.js';
import { ImportService } from './import.service.js';
import { PlanView } from './plan.view.js';
import { receivedDocument } from './received-document.js';
import { MEDIA_TYPES } from './write-document.js';

/** Makes gateways and virtual servers what a document says. */
@AdminController('import', 'transfer')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  @Post()
  @Operation('importDocument', 'Makes gateways and virtual servers what a document says, all of it or nothing', {
    answer: PlanView,
    errors: ['import_refused'],
    description:
      'The document is YAML (RFC 9512) or JSON, of at most 16 MiB, without aliases, anchors and tags. The same document again ' +
      'changes nothing. `dryRun=true` needs the role viewer, and answers the same plan, with all problems, and changes nothing.',
  })
  @Requires('editor', 'viewer')
  @WaitsForProxies()
  @SetMetadata(OTHER_TYPE, MEDIA_TYPES.yaml)
  @ApiConsumes(MEDIA_TYPES.json, MEDIA_TYPES.yaml)
  @ApiBody({ type: ImportDto })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description:
      '`ETag` or `planDigest` of a dry run, in quotes: the request is refused if its plan is another one (RFC 9110, section 13.1.1)',
  })
  async import(
    @Query() { dryRun, prune }: ImportQuery,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlanView> {
    const options = { isDryRun: dryRun === 'true', isPruning: prune === 'true', ifMatch };
    const plan = await this.imports.run(await receivedDocument(body), options);
    void reply.header('etag', `"${plan.planDigest}"`);
    return plan;
  }
}
