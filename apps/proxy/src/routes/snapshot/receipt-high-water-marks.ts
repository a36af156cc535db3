import type { OrderSubject } from '@lethe/contracts';
import { isOlder, isSameTarget } from '@lethe/sealing';

/** A connector's signed statement that it verified a gateway in one configuration. */
export interface Receipt {
  readonly jws: string;
  /** When it was signed, in epoch seconds; only a connector can set it. */
  readonly iat: number;
  readonly order: OrderSubject;
}

/**
 * The newest receipt of each gateway that this proxy has seen. Somebody can restore old database rows, with the genuine
 * signatures and receipts of that time, but can't change a receipt's time. So an older receipt counts only for the same
 * target.
 */
export class ReceiptHighWaterMarks {
  private readonly newest = new Map<string, Receipt>();

  /**
   * Records a receipt. `no`: it is not newer. `elsewhere`: it is newer and has another target, so that the one before
   * covers nothing any more.
   */
  advance(receipt: Receipt): 'no' | 'same' | 'elsewhere' {
    const { gatewayId } = receipt.order;
    const known = this.newest.get(gatewayId);
    if (known && !isOlder(known, receipt)) return 'no';
    this.newest.set(gatewayId, receipt);
    return known !== undefined && !isSameTarget(known.order, receipt.order) ? 'elsewhere' : 'same';
  }

  allows(receipt: Receipt): boolean {
    const newest = this.newest.get(receipt.order.gatewayId);
    return !newest || !isOlder(receipt, newest) || isSameTarget(receipt.order, newest.order);
  }

  get size(): number {
    return this.newest.size;
  }

  gatewayIds(): Iterable<string> {
    return this.newest.keys();
  }

  /** The signed text, which is stored for the next start. */
  receiptOf(gatewayId: string): string | undefined {
    return this.newest.get(gatewayId)?.jws;
  }
}
