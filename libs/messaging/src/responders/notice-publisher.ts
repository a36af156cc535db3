import type { NoticeType } from '@lethe/contracts';
import { lastValueFrom } from 'rxjs';
import type { BusLink } from '../bus-link.js';
import type { LetheNatsClient } from './lethe-nats-client.js';

/** Publishes notices to current subscribers; nothing is stored. */
export class NoticePublisher {
  constructor(
    private readonly link: BusLink,
    private readonly client: LetheNatsClient,
  ) {}

  /** Does nothing while the bus is unavailable: notices may be lost. */
  async publish<T extends object>(notice: NoticeType<T>, payload: T): Promise<void> {
    if (!this.link.isConnected()) return;
    await lastValueFrom(this.client.emit(notice.subject, payload), { defaultValue: undefined });
  }
}
