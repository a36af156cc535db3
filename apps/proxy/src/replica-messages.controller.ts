import { CallCancelled, DeliverInput } from '@lethe/contracts';
import { OnNotice, ResponderRegistry } from '@lethe/messaging';
import { Controller, Inject } from '@nestjs/common';
import { McpEndpoint } from './mcp-endpoint.js';

/** Receives the messages of other replicas of the proxy. */
@Controller()
export class ReplicaMessagesController {
  constructor(
    @Inject(McpEndpoint) private readonly endpoint: McpEndpoint,
    @Inject(ResponderRegistry) responders: ResponderRegistry,
  ) {
    const { replicaMessages } = endpoint;
    responders.respond(DeliverInput, replicaMessages.subject, async (input) => replicaMessages.receive(input));
  }

  @OnNotice(CallCancelled)
  cancelled(notice: CallCancelled): void {
    this.endpoint.replicaMessages.receiveCancellation(notice);
  }
}
