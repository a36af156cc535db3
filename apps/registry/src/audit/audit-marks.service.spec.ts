import { MemoryBroker, SnapshotStore } from '@lethe/messaging';
import { startBusApp } from '@test/support/messaging-app.js';
import { testTrust } from '@test/support/trust.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditMarks } from './audit-marks.service.js';
import { type AuditHead, EMPTY_CHAIN } from './trail/audit-chain.js';

const end = (seq: number): AuditHead => ({ seq, hash: String(seq).repeat(64) });

describe('how far the audit log is known to go', () => {
  let bus: Awaited<ReturnType<typeof startBusApp>>;
  beforeAll(async () => (bus = await startBusApp({ broker: new MemoryBroker(), service: 'registry' })));
  afterAll(() => bus?.close());

  it('is not less far when what was read of the log before the last change is kept', async () => {
    const marks = new AuditMarks(bus.get(SnapshotStore), testTrust());
    marks.note({ follows: EMPTY_CHAIN, head: end(1) });
    await marks.known();
    // The log was read with one entry; another one is committed before that is kept.
    marks.note({ follows: end(1), head: end(2) });
    await marks.keep(end(1));
    expect(await marks.known()).toEqual(end(2));
    expect(marks.lacks(end(2))).toBe(true);
    marks.note({ follows: end(2), head: end(3) });
    expect(await marks.known()).toEqual(end(3));
    await marks.keep(end(3));
    await marks.known();
    expect(marks.lacks(end(3))).toBe(false);
  });
});
