import type { ReceiptClaims, ServerManifest } from '@lethe/contracts';
import { isOlder, isSameTarget, SealingError, type Stamped, Trust } from '@lethe/sealing';
import { Inject, Injectable } from '@nestjs/common';

type Receipt = ReceiptClaims & Stamped;

/**
 * What was published already, as the bus remembers it: the newest receipt of each gateway, the newest revision of each
 * server. Rows of a database can be put back to what they were, with genuine codes of then; what a connector signed later
 * can't be taken back by them. So an older receipt counts only for the same target.
 */
@Injectable()
export class ReceiptFloors {
  private readonly newest = new Map<string, Receipt>();
  private readonly revisions = new Map<string, number>();

  constructor(@Inject(Trust) private readonly trust: Trust) {}

  /** Takes in a published manifest; anything else says nothing. */
  async note(jws: string): Promise<void> {
    const manifest = await this.read<ServerManifest>('manifest', jws);
    if (manifest === undefined) return;
    this.revisions.set(manifest.slug, Math.max(manifest.revision, this.revisions.get(manifest.slug) ?? 0));
    for (const receipt of await this.receiptsOf(manifest)) {
      const { gatewayId } = receipt.order;
      const held = this.newest.get(gatewayId);
      if (held === undefined || isOlder(held, receipt)) this.newest.set(gatewayId, receipt);
    }
  }

  /** Whether this gateway may serve by this receipt; without one, whether nothing was ever published of it. */
  allows(gatewayId: string, receipt: Receipt | undefined): boolean {
    const newest = this.newest.get(gatewayId);
    if (newest === undefined) return true;
    if (receipt === undefined) return false;
    return !isOlder(receipt, newest) || isSameTarget(receipt.order, newest.order);
  }

  /** Whether a manifest is genuine and takes nothing back that was published: neither its server nor its gateways. */
  async allowsManifest(jws: string): Promise<boolean> {
    const manifest = await this.read<ServerManifest>('manifest', jws);
    if (manifest === undefined) return false;
    const known = this.revisions.get(manifest.slug) ?? 0;
    if (manifest.revision <= known) return manifest.revision === known;
    const receipts = await this.receiptsOf(manifest);
    return receipts.every((receipt) => this.allows(receipt.order.gatewayId, receipt));
  }

  /** A receipt's claims; undefined when no connector signed it. */
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
