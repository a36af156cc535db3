import { CallsSeen } from '@lethe/contracts';
import { OnNotice } from '@lethe/messaging';
import { Controller } from '@nestjs/common';
import { OpenStreamCounts } from './open-stream-counts.service.js';
import { RecordCalls } from './record-calls.job.js';

/** Receives what proxies saw of calls. */
@Controller()
export class CallsSeenResponder {
  constructor(
    private readonly calls: RecordCalls,
    private readonly streams: OpenStreamCounts,
  ) {}

  @OnNotice(CallsSeen)
  onSeen(notice: CallsSeen): void {
    this.streams.note(notice);
    this.calls.hear(notice);
  }
}
