import type { HiddenCounts } from '@lethe/contracts';
import type { WarningResponse } from '../registry/responses.js';
import { handshakeText } from './outcome-text.js';

/** Explains each warning of a verification that succeeded to the user. */
export function warningText(warning: WarningResponse): string {
  const { code, era, why, httpStatus, pointer, requested } = warning;
  const reason = `${handshakeText(why)}${httpStatus === undefined ? '' : ` (HTTP status ${httpStatus})`}`;
  switch (code) {
    case 'era_failed':
      return `Only one era is served, the ${era} era could not be verified: ${reason}`;
    case 'conditional_failed':
      return `Items for clients with certain capabilities may be missing in the ${era} era: ${reason}`;
    case 'era_empty':
      return `The upstream lists nothing in the ${era} era, which is therefore not served`;
    case 'catalogue_empty':
      return `The upstream lists nothing at all. Requested: ${requestedText(requested)}`;
    case 'schema_held_back':
      return `A schema that clients can’t compile is held back, the tool is served: ${pointer}`;
    case 'schemas_unchecked':
      return 'Some schemas were too long to check whether clients can compile them';
    case 'hidden_text':
      return `Characters are hidden from people in ${hiddenPlace(warning)}: ${hiddenText(warning.found)}`;
    case 'authorization_unknown':
      return `It is not known how people log in, or not at each authorization server: ${authorizationText(why)}`;
    default:
      return code;
  }
}

const AUTHORIZATION_TEXTS: ReadonlyMap<string, string> = new Map([
  ['unreachable', 'the metadata could not be reached'],
  ['tls_failed', 'the certificate is not trusted'],
  ['timeout', 'the metadata did not come in time'],
  ['unavailable', 'the metadata could not be read'],
  ['address_forbidden', 'an authorization server has an address that is not allowed'],
  ['metadata_elsewhere', 'the upstream names metadata at another origin'],
  ['resource_mismatch', 'the metadata are about another resource'],
  ['issuer_unconfirmed', 'an authorization server does not name exactly the issuer that the upstream names'],
]);

function authorizationText(why = ''): string {
  return AUTHORIZATION_TEXTS.get(why) ?? why;
}

function hiddenPlace({ kind, name, pointer }: WarningResponse): string {
  return name === undefined ? `${pointer}` : `the ${kind === 'resourceTemplate' ? 'resource template' : kind} ${name}`;
}

/** Formats counts: `2 invisible, 1 control`. */
export function hiddenText(found: HiddenCounts = {}): string {
  return Object.entries(found)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}

function requestedText(requested: WarningResponse['requested'] = []): string {
  return requested.map(({ era, methods }) => `${methods.join(', ') || 'no list'} (${era})`).join('; ');
}
