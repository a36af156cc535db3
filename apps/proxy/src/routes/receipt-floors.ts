import type { OrderSubject } from '@lethe/contracts';
import { isOlder, isSameTarget } from '@lethe/sealing';

/** A connector's signed word that it verified a gateway in one configuration. */
export interface Receipt {
  readonly jws: string;
  /** When it was signed, epoch seconds: nobody but a connector can say so. */
  readonly iat: number;
  readonly order: OrderSubject;
}

/**
 * The newest receipt of each gateway that this proxy ever saw. Rows of a database can be put back to what they were,
 * with genuine codes and receipts of then; a receipt's time can't. So an older one counts only for the same target.
 */
export class ReceiptFloors {
  private readonly newest = new Map<string, Receipt>();

  /** Whether this is the newest one now; one that leads elsewhere closes what the one before covered. */
  raise(receipt: Receipt): 'no' | 'same' | 'elsewhere' {
    const { gatewayId } = receipt.order;
    const held = this.newest.get(gatewayId);
    if (held && !isOlder(held, receipt)) return 'no';
    this.newest.set(gatewayId, receipt);
    return held !== undefined && !isSameTarget(held.order, receipt.order) ? 'elsewhere' : 'same';
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

  /** To be kept over a restart. */
  receiptOf(gatewayId: string): string | undefined {
    return this.newest.get(gatewayId)?.jws;
  }
}
