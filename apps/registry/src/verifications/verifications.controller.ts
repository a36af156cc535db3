import { COMPACT_JWE, SEALED_CREDENTIAL } from '@lethe/contracts';
import { Body, Get, Headers, Param, Post, Put, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AdminController, CurrentAdmin } from '../admins/admin-controller.js';
import type { AdminIdentity } from '../admins/admin-identity.js';
import { Idempotent } from '../idempotency/idempotent.interceptor.js';
import { ClearCredentialGuard } from '../rest/clear-credential.guard.js';
import { ItemView, toItemView } from '../catalogue/item.view.js';
import { Consumes, Operation } from '../rest/operation.js';
import { limitOf, numberOf, type Page, PageQuery, toPage } from '../rest/paging.js';
import { preferredWaitMs } from '../rest/prefer.js';
import { withLocation } from '../rest/resource-headers.js';
import { sealedBody } from '../rest/sealed-body.js';
import { ApplyReview } from './apply-review.service.js';
import { CancelVerification } from './cancel-verification.service.js';
import { OpenVerification } from './open-verification.service.js';
import { SendCredential } from './send-credential.service.js';
import { VerificationWaiter } from './verification-waiter.service.js';
import { BeginVerificationDto } from './verification.dto.js';
import { AttemptsQuery } from './verification-list.dto.js';
import { toVerificationView, VerificationView } from './verification.view.js';
import { VerificationsService } from './verifications.service.js';

const SEALED = {
  type: 'string',
  pattern: COMPACT_JWE.source,
  maxLength: SEALED_CREDENTIAL.maxBytes,
  description: 'Compact JWE (RFC 7516), sealed for the offered slot',
};

/** Verifications of a gateway, and the credential of each. */
@AdminController('gateways/:ref/verifications', 'verifications')
export class VerificationsController {
  constructor(
    private readonly verifications: VerificationsService,
    private readonly opening: OpenVerification,
    private readonly sending: SendCredential,
    private readonly review: ApplyReview,
    private readonly waiter: VerificationWaiter,
    private readonly cancelling: CancelVerification,
  ) {}

  @Post()
  @Operation('beginVerification', 'Begins a verification: reserves a slot, or connects at once without a credential', {
    status: 201,
    answer: VerificationView,
    waits: true,
    errors: ['too_many_slots', 'no_slot', 'bus_captured', 'bus_unavailable'],
  })
  @ApiBody({ type: BeginVerificationDto, required: false })
  @Idempotent()
  @UseGuards(ClearCredentialGuard)
  async begin(
    @CurrentAdmin() admin: AdminIdentity,
    @Param('ref') ref: string,
    @Body() dto: BeginVerificationDto,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VerificationView> {
    const { verification, slot } = await this.opening.open(admin.id, ref, dto.credential ?? 'sealed');
    const list = `gateways/${verification.gatewayId}/verifications`;
    if (slot) return withLocation(reply, list, toVerificationView(verification, slot));
    const ended = await this.waiter.wait(ref, verification.id, preferredWaitMs(prefer));
    return withLocation(reply, list, toVerificationView(ended));
  }

  @Get()
  @Operation(
    'listVerifications',
    'Lists the verifications of a gateway, newest first unless another order is asked for',
    { page: VerificationView },
  )
  async list(@Param('ref') ref: string, @Query() query: AttemptsQuery): Promise<Page<VerificationView>> {
    const { items, ...page } = await this.verifications.list(ref, query);
    return { items: items.map((row) => toVerificationView(row)), ...page };
  }

  @Get(':vid')
  @Operation('getVerification', 'Shows a verification', { answer: VerificationView, waits: true })
  async find(
    @Param('ref') ref: string,
    @Param('vid') vid: string,
    @Headers('prefer') prefer: string | undefined,
  ): Promise<VerificationView> {
    return toVerificationView(await this.waiter.wait(ref, vid, preferredWaitMs(prefer)));
  }

  @Put(':vid/credential')
  @Operation('sendCredential', 'Passes a sealed credential on to the slot that was reserved', {
    status: 202,
    answer: VerificationView,
    waits: true,
    errors: ['slot_gone', 'credential_refused', 'bus_captured', 'bus_unavailable'],
  })
  @Consumes('application/jose', SEALED)
  @Idempotent()
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

  @Get(':vid/items')
  @Operation('listPendingItems', 'Lists the items of a result of which something waits for a review or was rejected', {
    page: ItemView,
    errors: ['nothing_to_apply'],
  })
  async items(
    @Param('ref') ref: string,
    @Param('vid') vid: string,
    @Query() query: PageQuery,
  ): Promise<Page<ItemView>> {
    const after = numberOf(query, 'integer') ?? -1;
    const waiting = (await this.review.waiting(ref, vid)).map((item, index) => ({ item, index }));
    const rows = waiting.filter(({ index }) => index > after).slice(0, limitOf(query) + 1);
    return toPage(
      rows,
      query,
      ({ index }) => [index],
      ({ item }) => toItemView(item),
    );
  }

  @Post(':vid/cancel')
  @Operation('cancelVerification', 'Ends a verification that waits or runs, at once, and gives its slot back', {
    answer: VerificationView,
    description: 'One that has ended is returned as it is.',
  })
  @Idempotent()
  async cancel(@Param('ref') ref: string, @Param('vid') vid: string): Promise<VerificationView> {
    return toVerificationView(await this.cancelling.cancel(ref, vid));
  }
}
