import { type Credential, KEPT_CREDENTIAL, type KeptTarget } from '@lethe/contracts';
import { compactDecrypt } from 'jose';
import { splitCompact } from './base64url.js';
import { parseCredential } from './credential.js';
import { hasExactly } from '@lethe/mcp';
import { parseObject } from './json.js';
import type { KeptRing } from './kept-ring.js';
import { isEphemeralKey } from './sealing-jwk.js';
import { SealingError } from './sealing.error.js';

/** What a kept credential must be bound to. */
export interface ExpectedKept extends KeptTarget {
  keptRevision: number;
}

/** A credential that was opened, and when it ends, in epoch seconds. */
export interface OpenedKept {
  credential: Credential;
  exp: number;
}

/** The protected header of a kept credential, as anybody can read it. */
export interface KeptHeader extends ExpectedKept {
  kid: string;
  /** Epoch seconds. */
  iat: number;
  exp: number;
}

const FORM = { alg: KEPT_CREDENTIAL.alg, enc: KEPT_CREDENTIAL.enc, typ: KEPT_CREDENTIAL.typ };
const MEMBERS = ['alg', 'enc', 'typ', 'kid', 'sub', 'aud', 'dig', 'cfg', 'rev', 'iat', 'exp', 'epk'];
const MAX_SECONDS = KEPT_CREDENTIAL.maxDays * 86_400;
/** How far the clock of the person's machine may be ahead. */
const CLOCK_SKEW_SECONDS = 300;

/**
 * Reads the protected header of a kept credential. Only a proxy can tell whether the rest belongs to it.
 * @throws SealingError `envelope_invalid`
 */
export function readKept(jwe: string): KeptHeader {
  if (jwe.length > KEPT_CREDENTIAL.maxBytes) throw new SealingError('envelope_invalid');
  const [protectedHeader, encryptedKey] = splitCompact(jwe, 5) ?? [];
  const header = parseObject(protectedHeader?.toString('utf8') ?? '');
  // Direct key agreement has no encrypted key (RFC 7518, section 4.6).
  if (header === undefined || encryptedKey?.length !== 0) throw new SealingError('envelope_invalid');
  const hasForm = Object.entries(FORM).every(([member, value]) => header[member] === value);
  const { kid, sub, aud, dig, cfg, rev, iat, exp } = header;
  if (!hasForm || !hasExactly(header, MEMBERS) || !isEphemeralKey(header['epk'])) {
    throw new SealingError('envelope_invalid');
  }
  return {
    ...{ kid: text(kid), gatewayId: text(sub), url: text(aud), digest: text(dig) },
    ...{ configRevision: whole(cfg), keptRevision: whole(rev), iat: whole(iat), exp: whole(exp) },
  };
}

/**
 * Compares a header with what the credential must be for.
 * @throws SealingError `kept_unbound`, naming the member that differs; `envelope_expired`
 */
export function checkKept(header: KeptHeader, expected: ExpectedKept, now: Date): void {
  const members = ['gatewayId', 'url', 'digest', 'configRevision', 'keptRevision'] as const;
  const other = members.find((member) => header[member] !== expected[member]);
  if (other !== undefined) throw new SealingError('kept_unbound', other);
  const nowSeconds = Math.floor(now.getTime() / 1000);
  const { iat, exp } = header;
  if (exp - iat > MAX_SECONDS || iat > nowSeconds + CLOCK_SKEW_SECONDS) throw new SealingError('kept_unbound', 'exp');
  if (exp <= nowSeconds) throw new SealingError('envelope_expired');
}

/**
 * Opens a kept credential, in a proxy. The whole header is checked before a key is used.
 * @throws SealingError `kept_key_unknown`, `credential_malformed`, `scheme_unsupported`, and as `readKept`, `checkKept`
 */
export async function openKept(jwe: string, ring: KeptRing, expected: ExpectedKept, now: Date): Promise<OpenedKept> {
  const header = readKept(jwe);
  checkKept(header, expected, now);
  const key = ring.key(header.kid);
  if (key === undefined) throw new SealingError('kept_key_unknown');
  const { plaintext } = await compactDecrypt(jwe, key, {
    keyManagementAlgorithms: [KEPT_CREDENTIAL.alg],
    contentEncryptionAlgorithms: [KEPT_CREDENTIAL.enc],
  }).catch(() => {
    throw new SealingError('envelope_invalid');
  });
  try {
    const credential = parseCredential(plaintext);
    if (credential.scheme === 'none') throw new SealingError('credential_malformed');
    return { credential, exp: header.exp };
  } finally {
    plaintext.fill(0);
  }
}

function text(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new SealingError('envelope_invalid');
  return value;
}

function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new SealingError('envelope_invalid');
  return value;
}
