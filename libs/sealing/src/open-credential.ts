import { type Credential, SEALED_CREDENTIAL } from '@lethe/contracts';
import { compactDecrypt } from 'jose';
import { splitCompact } from './base64url.js';
import { parseCredential } from './credential.js';
import { hasExactly, MAX_SLOT_TTL_SECONDS } from '@lethe/mcp';
import { parseObject } from './json.js';
import { isEphemeralKey } from './sealing-jwk.js';
import { SealingError } from './sealing.error.js';
import type { SlotKey } from './slot-key.js';

/** The upstream and the verification that the slot is reserved for. */
export interface ExpectedEnvelope {
  /** Canonical URL. */
  aud: string;
  /** Verification id. */
  vid: string;
  nowSeconds: number;
}

/** The expiry of an offer is a whole second and may have been rounded up. */
const ROUNDING_SECONDS = 1;
const FORM = { alg: SEALED_CREDENTIAL.alg, enc: SEALED_CREDENTIAL.enc, typ: SEALED_CREDENTIAL.typ };
const HEADER_MEMBERS = ['alg', 'enc', 'typ', 'kid', 'aud', 'jti', 'exp', 'epk'];

/**
 * Opens a sealed credential in the process that has the slot's key. The whole header of the envelope is checked before a
 * key is used.
 * @throws SealingError `envelope_invalid`, `envelope_expired`, `credential_malformed`, `scheme_unsupported`
 */
export async function openCredential(jwe: string, key: SlotKey, expected: ExpectedEnvelope): Promise<Credential> {
  checkHeader(jwe, key.kid, expected);
  const { plaintext } = await compactDecrypt(jwe, key.privateKey, {
    keyManagementAlgorithms: [SEALED_CREDENTIAL.alg],
    contentEncryptionAlgorithms: [SEALED_CREDENTIAL.enc],
  }).catch(() => {
    throw new SealingError('envelope_invalid');
  });
  try {
    return parseCredential(plaintext);
  } finally {
    plaintext.fill(0);
  }
}

function checkHeader(jwe: string, kid: string, expected: ExpectedEnvelope): void {
  if (jwe.length > SEALED_CREDENTIAL.maxBytes) throw new SealingError('envelope_invalid');
  const [protectedHeader, encryptedKey] = splitCompact(jwe, 5) ?? [];
  const header = parseObject(protectedHeader?.toString('utf8') ?? '');
  // Direct key agreement has no encrypted key (RFC 7518, section 4.6).
  if (header === undefined || encryptedKey?.length !== 0) throw new SealingError('envelope_invalid');
  const bound = { ...FORM, kid, aud: expected.aud, jti: expected.vid };
  const isBound = Object.entries(bound).every(([member, value]) => header[member] === value);
  const { exp } = header;
  if (!isBound || !hasExactly(header, HEADER_MEMBERS) || !isEphemeralKey(header['epk']) || !Number.isSafeInteger(exp)) {
    throw new SealingError('envelope_invalid');
  }
  if (Number(exp) <= expected.nowSeconds) throw new SealingError('envelope_expired');
  if (Number(exp) > expected.nowSeconds + MAX_SLOT_TTL_SECONDS + ROUNDING_SECONDS) {
    throw new SealingError('envelope_invalid');
  }
}
