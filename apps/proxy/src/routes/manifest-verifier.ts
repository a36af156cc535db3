import { isDeepStrictEqual } from 'node:util';
import type { CallerEntry, ManifestGateway, ReceiptClaims, ServerManifest } from '@lethe/contracts';
import { isSlug } from '@lethe/mcp';
import type { Trust } from '@lethe/sealing';

/** A manifest that a registry signed, and which of its gateways (ids) a connector's receipt covers. */
export interface VerifiedManifest {
  readonly jws: string;
  readonly manifest: ServerManifest;
  readonly covered: ReadonlySet<string>;
}

/**
 * Believes nothing of what the bus brings but signatures: whoever can write to NATS or PostgreSQL alone points nobody's
 * credential elsewhere (design section 5).
 */
export class ManifestVerifier {
  /** Verified receipts by their text: many virtual servers carry the same one. */
  private receipts = new Map<string, Promise<ReceiptClaims | undefined>>();

  constructor(private readonly trust: Trust) {}

  /** Undefined unless a registry signed it for this key. */
  async manifest(key: string, jws: string): Promise<VerifiedManifest | undefined> {
    const manifest = await this.trust.verify<ServerManifest>('manifest', jws).catch(() => undefined);
    if (!manifest || manifest.slug !== key || !isSlug(manifest.slug) || !Number.isSafeInteger(manifest.revision)) {
      return undefined;
    }
    const gateways = manifest.state === 'live' ? manifest.gateways : [];
    const covered = await Promise.all(gateways.map((gateway) => this.covers(gateway)));
    return { jws, manifest, covered: new Set(gateways.filter((_, at) => covered[at]).map(({ id }) => id)) };
  }

  /** Undefined unless a registry signed it for this key. */
  async caller(key: string, jws: string): Promise<CallerEntry | undefined> {
    const entry = await this.trust.verify<CallerEntry>('caller', jws).catch(() => undefined);
    return entry?.keyId === key && Number.isSafeInteger(entry.revision) ? entry : undefined;
  }

  private async covers(gateway: ManifestGateway): Promise<boolean> {
    const receipt = await this.receipt(gateway.receipt);
    if (receipt?.outcome !== 'verified') return false;
    const { order } = receipt;
    return (
      order.url === gateway.url &&
      order.slug === gateway.slug &&
      order.gatewayId === gateway.id &&
      order.configRevision === gateway.configRevision &&
      isDeepStrictEqual(order.mappings, gateway.mappings)
    );
  }

  private receipt(jws: string): Promise<ReceiptClaims | undefined> {
    const known = this.receipts.get(jws);
    if (known) return known;
    if (this.receipts.size > 10_000) this.receipts = new Map();
    const verified = this.trust.verify<ReceiptClaims>('receipt', jws).catch(() => undefined);
    this.receipts.set(jws, verified);
    return verified;
  }
}
