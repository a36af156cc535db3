import type { ReceiptClaims, ServerManifest } from '@lethe/contracts';
import { isOlder, isSameTarget, SealingError, type Stamped, Trust } from '@lethe/sealing';
import { Injectable } from '@nestjs/common';

type Receipt = ReceiptClaims & Stamped;

/**
 * The newest published receipt of each gateway and the newest revision of each server, read from the bus. Somebody with
 * write access to the database can restore old rows, whose authentication codes are genuine. Therefore an older receipt
 * is accepted only for the same target as the newest one.
 */
@Injectable()
export class ReceiptHighWaterMarks {
  private readonly newest = new Map<string, Receipt>();
  private readonly revisions = new Map<string, number>();

  constructor(private readonly trust: Trust) {}

  /** Advances the marks by a published manifest. Ignores text that is not a genuine manifest. */
  async advance(jws: string): Promise<void> {
    const manifest = await this.read<ServerManifest>('manifest', jws);
    if (manifest === undefined) return;
    this.revisions.set(manifest.slug, Math.max(manifest.revision, this.revisions.get(manifest.slug) ?? 0));
    for (const receipt of await this.receiptsOf(manifest)) {
      const { gatewayId } = receipt.order;
      const known = this.newest.get(gatewayId);
      if (known === undefined || isOlder(known, receipt)) this.newest.set(gatewayId, receipt);
    }
  }

  /**
   * Whether this gateway may serve by this receipt. Without a receipt: whether nothing was ever published of the
   * gateway.
   */
  allows(gatewayId: string, receipt: Receipt | undefined): boolean {
    const newest = this.newest.get(gatewayId);
    if (newest === undefined) return true;
    if (receipt === undefined) return false;
    return !isOlder(receipt, newest) || isSameTarget(receipt.order, newest.order);
  }

  /** Whether nothing newer than this receipt was ever published of the gateway. */
  isNewest(gatewayId: string, receipt: Receipt): boolean {
    const newest = this.newest.get(gatewayId);
    return newest === undefined || !isOlder(receipt, newest);
  }

  /** Whether a manifest is genuine, of this virtual server, and neither it nor its gateways are older than what was published. */
  async allowsManifest(slug: string, jws: string): Promise<boolean> {
    const manifest = await this.read<ServerManifest>('manifest', jws);
    if (manifest?.slug !== slug) return false;
    const known = this.revisions.get(manifest.slug) ?? 0;
    if (manifest.revision <= known) return manifest.revision === known;
    const receipts = await this.receiptsOf(manifest);
    return receipts.every((receipt) => this.allows(receipt.order.gatewayId, receipt));
  }

  /** The claims of a receipt; undefined when no connector signed it. */
  readReceipt(jws: string): Promise<Receipt | undefined> {
    return this.read<ReceiptClaims>('receipt', jws);
  }

  private async receiptsOf({ gateways }: ServerManifest): Promise<Receipt[]> {
    const receipts = await Promise.all(gateways.map(({ receipt }) => this.readReceipt(receipt)));
    return receipts.filter((receipt) => receipt !== undefined);
  }

  private async read<T extends object>(kind: 'manifest' | 'receipt', jws: string): Promise<(T & Stamped) | undefined> {
    try {
      return await this.trust.verify<T>(kind, jws);
    } catch (error) {
      if (error instanceof SealingError) return undefined;
      throw error;
    }
  }
}
