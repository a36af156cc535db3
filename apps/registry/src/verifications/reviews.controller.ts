import { Body, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AdminController } from '../admins/admin-controller.js';
import { toChangeView } from '../changes/change.view.js';
import { Idempotent } from '../idempotency/idempotent.interceptor.js';
import { WaitsForProxies } from '../proxies/waits-for-proxies.interceptor.js';
import { Operation } from '../rest/operation.js';
import { toPage } from '../rest/paging.js';
import { withTag } from '../rest/resource-headers.js';
import { ApplyReview } from './apply-review.service.js';
import { DiffView } from './diff.view.js';
import { DiffQuery, ReviewDto } from './review.dto.js';
import { VerificationDiff } from './verification-diff.service.js';
import type { Verification } from './verification.entity.js';
import { toVerificationView, VerificationView } from './verification.view.js';

const IF_MATCH =
  'With `If-Match`, the `ETag` of the diff or of the decision before: it is refused if somebody has decided about a part of it ' +
  'since.';

/** What a verification changed, and the decisions about it. */
@AdminController('gateways/:ref/verifications/:vid', 'verifications')
export class ReviewsController {
  constructor(
    private readonly diffs: VerificationDiff,
    private readonly review: ApplyReview,
  ) {}

  @Get('diff')
  @Operation('getVerificationDiff', 'Shows what a verification has added, changed and removed, with both definitions', {
    answer: DiffView,
    description: 'Readable before anything of it is applied, and afterwards for as long as the verification is kept.',
  })
  async diff(
    @Param('ref') ref: string,
    @Param('vid') vid: string,
    @Query() query: DiffQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DiffView> {
    const { verification, changes } = await this.diffs.read(ref, vid, query);
    const page = toPage(changes, query, ({ ordinal }) => [ordinal], toChangeView);
    const { id, baseVid, review, reviewVersion: version } = verification;
    return withTag(
      reply,
      { version },
      { verification: id, comparedWith: baseVid ?? null, waits: review ?? null, ...page },
    );
  }

  @Post('apply')
  @Operation('applyVerification', 'Serves what waits for a review, all of it or the named items', {
    answer: VerificationView,
    versioned: true,
    errors: ['nothing_to_apply', 'review_superseded', 'server_waits'],
    description: IF_MATCH,
  })
  @ApiBody({ type: ReviewDto, required: false })
  @WaitsForProxies()
  @Idempotent()
  async apply(
    @Param('ref') ref: string,
    @Param('vid') vid: string,
    @Body() { items }: ReviewDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VerificationView> {
    return tagged(reply, await this.review.apply({ ref, vid, items, ifMatch }));
  }

  @Post('reject')
  @Operation('rejectVerification', 'Rejects what waits for a review, all of it or the named items', {
    answer: VerificationView,
    versioned: true,
    errors: ['nothing_to_apply', 'review_superseded'],
    description: `A rejected definition is not served and not asked about again until it changes. ${IF_MATCH}`,
  })
  @ApiBody({ type: ReviewDto, required: false })
  @Idempotent()
  async reject(
    @Param('ref') ref: string,
    @Param('vid') vid: string,
    @Body() { items }: ReviewDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VerificationView> {
    return tagged(reply, await this.review.reject({ ref, vid, items, ifMatch }));
  }
}

/** The tag is that of the review: the next decision can be held to it. */
function tagged(reply: FastifyReply, verification: Verification): VerificationView {
  return withTag(reply, { version: verification.reviewVersion }, toVerificationView(verification));
}
