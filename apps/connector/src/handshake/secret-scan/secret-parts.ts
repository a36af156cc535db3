/** Well-known prefixes of tokens. They are public, and documentation quotes them. */
const VENDOR_PREFIX =
  /^(github_pat_|gh[pousr]_|glpat-|gldt-|sk-(?:ant-(?:api\d\d-)?|proj-|or-v1-|live-)?|[sprk]{2}_(?:live|test)_|xox[a-z]-|xapp-|npm_|pypi-|dop_v1_|hf_|AKIA|ASIA|AIza|ya29\.|eyJ|lin_api_|ntn_|secret_|figd_|shpat_|SG\.|lethe_[a-z]+_)/;

const JWT = /^eyJ[\w-]+\.(eyJ[\w-]+\.[\w-]*)$/;

/** The part of a secret that is secret: a JWT without its header, a token without its vendor prefix. */
export function secretPart(secret: string): string {
  const jwt = JWT.exec(secret)?.[1];
  const rest = jwt ?? secret.replace(VENDOR_PREFIX, '');
  return rest.length >= MIN_SECRET_LENGTH ? rest : secret;
}

/** Shorter values occur in ordinary words, so they are not searched for. */
export const MIN_SECRET_LENGTH = 8;
/** This many characters in a row of a longer secret count as the secret. */
export const WINDOW_LENGTH = 16;
