import { hasExactly, isObject, parseJson } from '@lethe/mcp';
import { base64url } from 'jose';
import { SealingRefused } from './sealing-refused.js';

/** Canonical base64url (RFC 4648, section 3.5): a modified text must not decode to the same bytes. */
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** A JWS in compact serialization (RFC 7515, section 7.1), decoded. Nothing of it is checked but its form. */
export interface CompactJws {
  header: { kid: string; typ: string };
  claims: Record<string, unknown> & { iat: number };
  /** What the signature is over. */
  signed: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
}

/**
 * Decodes a JWS whose protected header has exactly `alg` EdDSA, `kid` and `typ`.
 * @throws SealingRefused `signature_invalid`, `claims_malformed`
 */
export function decodeJws(jws: string): CompactJws {
  const parts = jws.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !header || !payload || !signature || !parts.every((part) => CANONICAL.test(part))) {
    throw new SealingRefused('signature_invalid');
  }
  return {
    header: headerOf(parseJson(decodeText(header))),
    claims: claimsOf(parseJson(decodeText(payload))),
    signed: new TextEncoder().encode(`${header}.${payload}`),
    signature: new Uint8Array(base64url.decode(signature)),
  };
}

function headerOf(header: unknown): CompactJws['header'] {
  if (!isObject(header) || !hasExactly(header, ['alg', 'kid', 'typ'])) throw new SealingRefused('signature_invalid');
  const { alg, kid, typ } = header;
  if (alg !== 'EdDSA' || typeof kid !== 'string' || typeof typ !== 'string') {
    throw new SealingRefused('signature_invalid');
  }
  return { kid, typ };
}

function claimsOf(claims: unknown): CompactJws['claims'] {
  if (!isObject(claims)) throw new SealingRefused('claims_malformed');
  const { iat } = claims;
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat)) throw new SealingRefused('claims_malformed');
  return { ...claims, iat };
}

function decodeText(part: string): string {
  return new TextDecoder().decode(base64url.decode(part));
}
