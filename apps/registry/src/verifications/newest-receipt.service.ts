import { LetheError } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Gateway } from '../gateways/gateway.entity.js';
import { TamperLog } from '../rows/tamper-log.service.js';
import { ReceiptHighWaterMarks } from './receipt-high-water-marks.service.js';
import { Verification } from './verification.entity.js';

/**
 * Refuses gateways whose rows were restored to an earlier state. Such rows are genuine, but a newer receipt was
 * published.
 */
@Injectable()
export class NewestReceiptCheck {
  constructor(
    private readonly marks: ReceiptHighWaterMarks,
    private readonly tamper: TamperLog,
  ) {}

  /**
   * Checks the receipt by which a gateway serves against the newest published one, before an order for it is signed.
   * @throws LetheError `row_tampered`
   */
  async require(em: EntityManager, { id, servingVid }: Gateway): Promise<void> {
    const serving = typeof servingVid === 'string' ? await em.findOne(Verification, { id: servingVid }) : null;
    const jws = serving?.receipt;
    const receipt = typeof jws === 'string' ? await this.marks.readReceipt(jws) : undefined;
    if (this.marks.allows(id, receipt)) return;
    this.tamper.report('gateway', id);
    throw new LetheError('row_tampered', { table: 'gateway' });
  }
}
