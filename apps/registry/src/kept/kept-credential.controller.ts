import { COMPACT_JWE, KEPT_CREDENTIAL } from '@lethe/contracts';
import { Body, Delete, Get, Headers, Param, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AdminController, CurrentAdmin } from '../admins/admin-controller.js';
import type { AdminIdentity } from '../admins/admin-identity.js';
import { Requires } from '../admins/requires.js';
import { GatewayView, toGatewayView } from '../gateways/gateway.view.js';
import { Idempotent } from '../idempotency/idempotent.interceptor.js';
import { WaitsForProxies } from '../proxies/waits-for-proxies.interceptor.js';
import { Consumes, Operation } from '../rest/operation.js';
import { withTag } from '../rest/resource-headers.js';
import { sealedBody } from '../rest/sealed-body.js';
import { KeptCredentials } from './kept-credentials.service.js';
import { DeletedCredentialView } from './forgotten.view.js';
import { KeptCredentialView, NO_OFFER_REASONS } from './kept-offer.view.js';

const SEALED = {
  type: 'string',
  pattern: COMPACT_JWE.source,
  maxLength: KEPT_CREDENTIAL.maxBytes,
  description: 'Compact JWE (RFC 7516), sealed for the last offer; the registry can not open it',
};

/** The credential that proxies keep for a gateway. The registry has nothing of it but ciphertext. */
@AdminController('gateways/:ref/kept-credential', 'gateways')
export class KeptCredentialController {
  constructor(private readonly kept: KeptCredentials) {}

  @Get()
  @Operation('getKeptCredential', 'Shows what is kept for a gateway, and what the next credential is sealed for', {
    answer: KeptCredentialView,
  })
  find(@Param('ref') ref: string): Promise<KeptCredentialView> {
    return this.kept.find(ref);
  }

  @Put()
  @Requires('admin')
  @Operation('keepCredential', 'Keeps a sealed credential for the calls of a gateway, in the place of the one before', {
    answer: GatewayView,
    versioned: true,
    errors: [...NO_OFFER_REASONS, 'kept_refused'],
    description:
      'Virtual servers use it where their `credentials` say so. Once it is accepted, the same body is refused: its revision has passed.',
  })
  @Consumes('application/jose', SEALED)
  @WaitsForProxies()
  @Idempotent()
  async keep(
    @CurrentAdmin() admin: AdminIdentity,
    @Param('ref') ref: string,
    @Headers('content-type') contentType: string | undefined,
    @Headers('if-match') ifMatch: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GatewayView> {
    const details = await this.kept.keep(admin, ref, sealedBody(contentType, body), ifMatch);
    return withTag(reply, details.gateway, toGatewayView(details));
  }

  @Delete()
  @Operation('forgetCredential', 'Deletes what is kept for a gateway, here and at the proxies', {
    answer: DeletedCredentialView,
    versioned: true,
    errors: ['credential_in_clear'],
    description:
      'Also if nothing is kept: then the receipt is that of the deletion before. The tag is the one of the gateway.',
  })
  @WaitsForProxies()
  @Idempotent()
  async forget(
    @Param('ref') ref: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<DeletedCredentialView> {
    return { forgotten: await this.kept.forget(ref, ifMatch) };
  }
}
