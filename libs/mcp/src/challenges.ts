/** https://www.iana.org/assignments/http-authschemes */
const REGISTERED = new Set([
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
const QUOTED = /"(?:[^"\\]|\\.)*"/g;
/** A parameter is followed by `=`. */
const SCHEME = /(?:^|,)[ \t]*([A-Za-z][A-Za-z0-9-]{0,31})(?=[ \t,]|$)(?![ \t]*=)/g;

/**
 * The registered schemes of the challenges in `WWW-Authenticate`, in their order. Nothing else of the header may be shown: it is
 * the upstream's text, and could steer a client's OAuth flow elsewhere.
 * https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function challengedSchemes(header: string | string[] | undefined = ''): string[] {
  const text = [header].flat().join(', ').replace(QUOTED, '');
  const names = [...text.matchAll(SCHEME)].map(([, name = '']) => name);
  return names.filter((name) => REGISTERED.has(name.toLowerCase()));
}
