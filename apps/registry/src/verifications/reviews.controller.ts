import { Body, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AdminController } from '../admins/admin-controller.js';
import { toChangeView } from '../changes/change.view.js';
import { Idempotent } from '../idempotency/idempotent.interceptor.js';
import { WaitsForProxies } from '../proxies/waits-for-proxies.interceptor.js';
import { etagOf } from '../rest/etag.js';
import { toPage } from '../rest/paging.js';
import { ApplyReview } from './apply-review.service.js';
import { DiffView } from './diff.view.js';
import { DiffQuery, ReviewDto } from './review.dto.js';
import { VerificationDiff } from './verification-diff.service.js';
import { toVerificationView, VerificationView } from './verification.view.js';

const IF_MATCH = ApiHeader({
  name: 'If-Match',
  required: false,
  description: 'The `ETag` of the diff that was read: 412 if somebody has decided about a part of it since',
});

/** What a verification changed, and the decisions about it. */
@AdminController('gateways/:ref/verifications/:vid', 'verifications')
export class ReviewsController {
  constructor(
    private readonly diffs: VerificationDiff,
    private readonly review: ApplyReview,
  ) {}

  @Get('diff')
  @ApiOperation({
    operationId: 'getVerificationDiff',
    summary: 'Shows what a verification has added, changed and removed, with both definitions',
    description: 'Readable before anything of it is applied, and afterwards for as long as the verification is kept',
  })
  @ApiOkResponse({ type: DiffView })
  async diff(
    @Param('ref') ref: string,
    @Param('vid') vid: string,
    @Query() query: DiffQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DiffView> {
    const { verification, changes } = await this.diffs.read(ref, vid, query);
    void reply.header('etag', etagOf({ version: verification.reviewVersion }));
    const page = toPage(changes, query, ({ ordinal }) => [ordinal], toChangeView);
    const { id, baseVid, review } = verification;
    return { verification: id, comparedWith: baseVid ?? null, waits: review ?? null, ...page };
  }

  @Post('apply')
  @WaitsForProxies()
  @Idempotent()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'applyVerification',
    summary: 'Serves what waits for a review, all of it or the named items',
  })
  @ApiBody({ type: ReviewDto, required: false })
  @IF_MATCH
  @ApiOkResponse({ type: VerificationView })
  async apply(
    @Param('ref') ref: string,
    @Param('vid') vid: string,
    @Body() dto: ReviewDto | undefined,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<VerificationView> {
    return toVerificationView(await this.review.apply({ ref, vid, items: dto?.items, ifMatch }));
  }

  @Post('reject')
  @Idempotent()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'rejectVerification',
    summary: 'Rejects what waits for a review, all of it or the named items',
    description: 'A rejected definition is not served and not asked about again until it changes',
  })
  @ApiBody({ type: ReviewDto, required: false })
  @IF_MATCH
  @ApiOkResponse({ type: VerificationView })
  async reject(
    @Param('ref') ref: string,
    @Param('vid') vid: string,
    @Body() dto: ReviewDto | undefined,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<VerificationView> {
    return toVerificationView(await this.review.reject({ ref, vid, items: dto?.items, ifMatch }));
  }
}
