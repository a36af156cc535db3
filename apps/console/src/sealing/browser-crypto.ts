/** Why this browser can not seal here: the page is not in a secure context, or an algorithm is missing. */
export type MissingCrypto = 'insecure' | 'algorithms';

/**
 * What is missing to seal in this page; undefined if nothing is. WebCrypto needs a secure context: https, or this machine.
 * There is no other way to send a credential from the page.
 */
export async function missingCrypto(): Promise<MissingCrypto | undefined> {
  // The types say that it is always there, as in a secure context it is.
  const subtle: SubtleCrypto | undefined = globalThis.isSecureContext ? globalThis.crypto.subtle : undefined;
  if (subtle === undefined) return 'insecure';
  try {
    await subtle.importKey('jwk', ED25519, 'Ed25519', false, ['verify']);
    await subtle.generateKey('X25519', false, ['deriveBits']);
    return undefined;
  } catch {
    return 'algorithms';
  }
}

/** The public key of test 1 in RFC 8032, section 7.1. */
const ED25519 = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const;
