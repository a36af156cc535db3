import { Body, Get, Headers, HttpCode, Param, Post, Put, Query, UseGuards } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse } from '@nestjs/swagger';
import { AdminController, CurrentAdmin } from '../admins/admin-controller.js';
import { type AdminIdentity } from '../admins/admins.service.js';
import { Idempotent } from '../idempotency/idempotent.interceptor.js';
import { ClearCredentialGuard } from '../rest/clear-credential.guard.js';
import { type ItemView, toItemView } from '../catalogue/item.view.js';
import { limitOf, type Page, PageQuery, positionOf, toPage } from '../rest/paging.js';
import { preferredWaitMs } from '../rest/prefer.js';
import { ApplyReview } from './apply-review.service.js';
import { OpenVerification } from './open-verification.service.js';
import { sealedBody } from './sealed-body.js';
import { SendCredential } from './send-credential.service.js';
import { VerificationWaiter } from './verification-waiter.service.js';
import { BeginVerificationDto } from './verification.dto.js';
import { toVerificationView, VerificationView } from './verification.view.js';
import { VerificationsService } from './verifications.service.js';

/** Verifications of a gateway, and the credential of each. */
@AdminController('gateways/:ref/verifications', 'verifications')
export class VerificationsController {
  constructor(
    private readonly verifications: VerificationsService,
    private readonly opening: OpenVerification,
    private readonly sending: SendCredential,
    private readonly review: ApplyReview,
    private readonly waiter: VerificationWaiter,
  ) {}

  @Post()
  @Idempotent()
  @UseGuards(ClearCredentialGuard)
  async begin(
    @CurrentAdmin() admin: AdminIdentity,
    @Param('ref') ref: string,
    @Body() dto: BeginVerificationDto,
    @Headers('prefer') prefer: string | undefined,
  ): Promise<VerificationView> {
    const { verification, slot } = await this.opening.open(admin.id, ref, dto.credential ?? 'sealed');
    if (slot) return toVerificationView(verification, slot);
    return toVerificationView(await this.waiter.wait(ref, verification.id, preferredWaitMs(prefer)));
  }

  @Get()
  async list(@Param('ref') ref: string, @Query() query: PageQuery): Promise<Page<VerificationView>> {
    const rows = await this.verifications.list(ref, query);
    return toPage(
      rows,
      query,
      ({ attempt }) => [attempt],
      (row) => toVerificationView(row),
    );
  }

  @Get(':vid')
  @ApiOkResponse({ type: VerificationView })
  async find(
    @Param('ref') ref: string,
    @Param('vid') vid: string,
    @Headers('prefer') prefer: string | undefined,
  ): Promise<VerificationView> {
    return toVerificationView(await this.waiter.wait(ref, vid, preferredWaitMs(prefer)));
  }

  @Put(':vid/credential')
  @HttpCode(202)
  @ApiConsumes('application/jose')
  @ApiBody({ schema: { type: 'string', description: 'Compact JWE, sealed for the offered slot' } })
  async send(
    @Param('ref') ref: string,
    @Param('vid') vid: string,
    @Headers('content-type') contentType: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Body() body: unknown,
  ): Promise<VerificationView> {
    await this.sending.send(ref, vid, sealedBody(contentType, body));
    return toVerificationView(await this.waiter.wait(ref, vid, preferredWaitMs(prefer)));
  }

  /** The items of a result that waits for a review, or of which something was rejected. */
  @Get(':vid/items')
  async items(
    @Param('ref') ref: string,
    @Param('vid') vid: string,
    @Query() query: PageQuery,
  ): Promise<Page<ItemView>> {
    const after = Number(positionOf(query, 1)?.[0] ?? -1);
    const waiting = (await this.review.waiting(ref, vid)).map((item, index) => ({ item, index }));
    const rows = waiting.filter(({ index }) => index > after).slice(0, limitOf(query) + 1);
    return toPage(
      rows,
      query,
      ({ index }) => [index],
      ({ item }) => toItemView(item),
    );
  }
}
