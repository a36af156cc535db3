import { isDeepStrictEqual } from 'node:util';
import type { OrderSubject } from '@lethe/contracts';

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
export class ReceiptHighWaterMarks {
  private readonly newest = new Map<string, Receipt>();

  /** Whether this is the newest one now; one that leads elsewhere closes what the one before covered. */
  advance(receipt: Receipt): 'no' | 'same' | 'elsewhere' {
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

/** By the connector's time; within one second by the attempt. */
function isOlder(one: Receipt, other: Receipt): boolean {
  return one.iat === other.iat ? one.order.attempt < other.order.attempt : one.iat < other.iat;
}

function isSameTarget(one: OrderSubject, other: OrderSubject): boolean {
  return (
    one.url === other.url &&
    one.configRevision === other.configRevision &&
    isDeepStrictEqual(one.mappings, other.mappings)
  );
}
