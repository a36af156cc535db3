import { handshakeSubject, OpenCredential, type OpenCredentialReply } from '@lethe/contracts';
import { ResponderRegistry } from '@lethe/messaging';
import { Injectable } from '@nestjs/common';
import { HandshakesService } from '../handshakes/handshakes.service.js';
import { ConnectorIdentity } from '../identity/connector-identity.js';

/** Receives sealed credentials for this connector's slots: one subject per slot, one subscription for all. */
@Injectable()
export class OpenCredentialResponder {
  constructor(
    responders: ResponderRegistry,
    private readonly identity: ConnectorIdentity,
    private readonly handshakes: HandshakesService,
  ) {
    responders.respond(OpenCredential, handshakeSubject(identity.id, '*'), (request, { subject }) =>
      this.open(request, slotOf(subject)),
    );
  }

  private async open({ vid, sealed }: OpenCredential, slot: string): Promise<OpenCredentialReply> {
    const result = await this.handshakes.open(slot, vid, sealed);
    const now = new Date();
    const code = result.status === 'refused' ? { code: result.code } : {};
    const claims = { vid, slot, status: result.status, ...code };
    return { reply: await this.identity.signer.sign('handshakeReply', claims, now) };
  }
}

/** The slot token of `lethe.connector.handshake.<connector>.<slot>.v1`. */
function slotOf(subject: string): string {
  return subject.split('.').at(-2) ?? '';
}
