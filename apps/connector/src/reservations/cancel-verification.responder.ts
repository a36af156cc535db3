import { CancelVerification, type CancelVerificationReply, cancelSubject } from '@lethe/contracts';
import { ResponderRegistry } from '@lethe/messaging';
import { Injectable } from '@nestjs/common';
import { HandshakesService } from '../handshakes/handshakes.service.js';
import { ConnectorIdentity } from '../identity/connector-identity.js';

/** Ends reservations and handshakes of this connector that somebody cancelled. */
@Injectable()
export class CancelVerificationResponder {
  constructor(
    responders: ResponderRegistry,
    identity: ConnectorIdentity,
    private readonly handshakes: HandshakesService,
  ) {
    responders.respond(CancelVerification, cancelSubject(identity.id), (request) => this.cancel(request));
  }

  private async cancel({ vid, slot }: CancelVerification): Promise<CancelVerificationReply> {
    return { status: (await this.handshakes.cancel(slot, vid)) ? 'cancelled' : 'gone' };
  }
}
