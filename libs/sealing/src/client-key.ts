import { createPrivateKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { CLIENT_KEY_ALGORITHMS, type ClientCredentials, type ClientKeyAlgorithm } from '@lethe/contracts';
import { parseObject } from './json.js';

/** The private key of an OAuth client, and how it signs. */
export interface ClientKey {
  key: KeyObject;
  algorithm: ClientKeyAlgorithm;
  keyId: string | undefined;
}

const CURVES: Readonly<Record<string, ClientKeyAlgorithm>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};
/** RFC 7518, section 3.3. */
const MIN_RSA_BITS = 2048;

/** Reads the private key of an OAuth client, PEM or JWK; undefined if it is none that can sign. Never quotes it. */
export function clientKey({ privateKey = '', keyId, algorithm }: ClientCredentials): ClientKey | undefined {
  const jwk = parseObject(privateKey);
  const key = readKey(privateKey, jwk);
  const usual = key && algorithmOf(key);
  if (key === undefined || usual === undefined) return undefined;
  const isFit = algorithm === undefined || algorithm === usual || (usual === 'RS256' && algorithm === 'PS256');
  const own = jwk?.['kid'];
  return isFit ? { key, algorithm: algorithm ?? ownAlgorithm(jwk) ?? usual, keyId: keyId ?? textOf(own) } : undefined;
}

function readKey(text: string, jwk: Record<string, unknown> | undefined): KeyObject | undefined {
  try {
    if (jwk === undefined) return createPrivateKey({ key: text, format: 'pem' });
    const input: JsonWebKeyInput = { key: jwk, format: 'jwk' };
    return createPrivateKey(input);
  } catch {
    // The error of a parser may quote the key.
    return undefined;
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): ClientKeyAlgorithm | undefined {
  if (asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (asymmetricKeyType === 'ec') return CURVES[asymmetricKeyDetails?.namedCurve ?? ''];
  const isLong = (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS;
  return asymmetricKeyType === 'rsa' && isLong ? 'RS256' : undefined;
}

/** A JWK of RSA may ask for PS256; for the others only one algorithm is possible. */
function ownAlgorithm(jwk: Record<string, unknown> | undefined): ClientKeyAlgorithm | undefined {
  return CLIENT_KEY_ALGORITHMS.find((name) => name === 'PS256' && name === jwk?.['alg']);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
