import { ClientNats } from '@nestjs/microservices';
import type { BusLink } from '../bus-link.js';
import type { CoreConnection } from '../core-connection.js';
import { ReplyDeserializer, RequestSerializer } from './packets.js';

/** Nest's NATS client over an application's own link, to any kind of bus. */
export class LetheNatsClient extends ClientNats {
  constructor(
    private readonly link: BusLink,
    inboxPrefix: string,
  ) {
    super({ inboxPrefix, serializer: new RequestSerializer(), deserializer: new ReplyDeserializer() });
  }

  override async connect(): Promise<CoreConnection> {
    const connection = await this.link.connection();
    this.natsClient = connection;
    return connection;
  }

  /** The link belongs to the application and is closed last. */
  override async close(): Promise<void> {
    this.handleClose();
  }
}
