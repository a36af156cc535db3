import type { NoticeType } from '@lethe/contracts';
import type { BusLink } from '../bus-link.js';
import { encodePacket } from './packets.js';

/** Publishes notices to current subscribers; nothing is stored. */
export class NoticePublisher {
  constructor(private readonly link: BusLink) {}

  /** Does nothing while the bus is unavailable: notices may be lost. @throws RangeError if it is too long for a message */
  async publish<T extends object>(notice: NoticeType<T>, payload: T): Promise<void> {
    if (!this.link.isConnected()) return;
    const text = encodePacket(notice.subject, payload);
    (await this.link.connection()).publish(notice.subject, text);
  }
}
