const SCHEME = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;
const KNOWN = new Set([
  'basic',
  'bearer',
  'digest',
  'dpop',
  'hoba',
  'mutual',
  'negotiate',
  'ntlm',
  'gnap',
  'privatetoken',
]);

/**
 * The part of an upstream's `WWW-Authenticate` that may be shown: the name of a registered scheme. The rest is the
 * upstream's text; relayed, it could steer a client's OAuth flow elsewhere.
 */
export function challengeScheme(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  const scheme = text?.trim().split(/[\s,]/, 1)[0];
  return scheme !== undefined && SCHEME.test(scheme) && KNOWN.has(scheme.toLowerCase()) ? scheme : undefined;
}
