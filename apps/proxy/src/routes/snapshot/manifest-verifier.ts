import { isDeepStrictEqual } from 'node:util';
import type {
  CallerEntry,
  KeptEntry,
  ManifestGateway,
  OrderSubject,
  ReceiptClaims,
  ServerManifest,
} from '@lethe/contracts';
import { isSlug } from '@lethe/mcp';
import type { Trust } from '@lethe/sealing';
import type { Receipt } from './receipt-high-water-marks.js';

/** How many gateways and receipts are remembered. */
const MAX_SHARED = 10_000;

/** A manifest that a registry signed, and the connector's receipts that cover its gateways, by gateway id. */
export interface VerifiedManifest {
  readonly jws: string;
  readonly manifest: ServerManifest;
  readonly covered: ReadonlyMap<string, Receipt>;
}

/** Accepts only signed values. Write access to NATS or PostgreSQL alone can't redirect a credential. */
export class ManifestVerifier {
  /** Verified receipts by their text: many virtual servers contain the same one. */
  private receipts = new Map<string, Promise<Receipt | undefined>>();
  /** Gateways by their receipt: most gateways of a manifest are in other manifests too. */
  private gateways = new Map<string, { json: string; gateway: ManifestGateway }>();

  constructor(private readonly trust: Trust) {}

  /** Undefined unless a registry signed the value for this key. */
  async manifest(key: string, jws: string): Promise<VerifiedManifest | undefined> {
    const manifest = await this.trust.verify<ServerManifest>('manifest', jws).catch(() => undefined);
    if (!manifest || manifest.slug !== key || !isSlug(manifest.slug) || !Number.isSafeInteger(manifest.revision)) {
      return undefined;
    }
    const gateways = manifest.state === 'live' ? manifest.gateways.map((gateway) => this.shared(gateway)) : [];
    const receipts = await Promise.all(gateways.map((gateway) => this.coverOf(gateway)));
    const covered = new Map(receipts.flatMap((receipt) => (receipt ? [[receipt.order.gatewayId, receipt]] : [])));
    return { jws, manifest: { ...manifest, gateways }, covered };
  }

  /** Undefined unless a registry signed the value for this key. */
  async caller(key: string, jws: string): Promise<CallerEntry | undefined> {
    const entry = await this.trust.verify<CallerEntry>('caller', jws).catch(() => undefined);
    return entry?.keyId === key && Number.isSafeInteger(entry.revision) ? entry : undefined;
  }

  /** Undefined unless a registry signed the value for this key. */
  async kept(key: string, jws: string): Promise<KeptEntry | undefined> {
    const entry = await this.trust.verify<KeptEntry>('kept', jws).catch(() => undefined);
    const isWhole = Number.isSafeInteger(entry?.revision) && Number.isSafeInteger(entry?.keptRevision);
    return isWhole && entry?.gatewayId === key ? entry : undefined;
  }

  /** Undefined unless a connector signed that it verified a gateway. */
  receipt(jws: string): Promise<Receipt | undefined> {
    const known = this.receipts.get(jws);
    if (known) return known;
    if (this.receipts.size > MAX_SHARED) this.receipts = new Map();
    const verified = this.readReceipt(jws);
    this.receipts.set(jws, verified);
    return verified;
  }

  /** Returns the same object for all manifests that describe a gateway in the same way. */
  private shared(gateway: ManifestGateway): ManifestGateway {
    const known = this.gateways.get(gateway.receipt);
    const json = JSON.stringify(gateway);
    if (known?.json === json) return known.gateway;
    if (this.gateways.size > MAX_SHARED) this.gateways = new Map();
    this.gateways.set(gateway.receipt, { json, gateway });
    return gateway;
  }

  private async readReceipt(jws: string): Promise<Receipt | undefined> {
    const claims = await this.trust.verify<ReceiptClaims>('receipt', jws).catch(() => undefined);
    return claims?.outcome === 'verified' ? { jws, iat: claims.iat, order: claims.order } : undefined;
  }

  private async coverOf(gateway: ManifestGateway): Promise<Receipt | undefined> {
    const receipt = await this.receipt(gateway.receipt);
    return receipt && covers(receipt.order, gateway) ? receipt : undefined;
  }
}

function covers(order: OrderSubject, gateway: ManifestGateway): boolean {
  return (
    order.url === gateway.url &&
    order.slug === gateway.slug &&
    order.gatewayId === gateway.id &&
    order.configRevision === gateway.configRevision &&
    isDeepStrictEqual(order.mappings, gateway.mappings)
  );
}

/** Digests of the blocks that a manifest needs. */
export function digestsOf(manifest: ServerManifest): string[] {
  if (manifest.state === 'deleted') return [];
  return [...manifest.names, ...manifest.gateways.flatMap(({ blocks }) => blocks)];
}
