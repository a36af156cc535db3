import type { ErrorCode, LetheError } from '@lethe/platform';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** What a client can put right that asks its user, or a program, for other headers. */
const ABOUT_CALLERS_OWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'credential_required',
  'upstream_rejected_credential',
]);

/**
 * The HTTP status of an error about the caller's own credential for an upstream, where the virtual server tells it by one: as the
 * upstream did, and 401 for one that is missing. Undefined for all other errors.
 */
export function rejectionStatus({ code, detail }: LetheError, server: VirtualServer | undefined): number | undefined {
  if (server?.manifest.rejectedCredential !== 'http' || !ABOUT_CALLERS_OWN.has(code)) return undefined;
  // Callers can send nothing to a gateway without a mapping.
  if (detail['header'] === undefined) return undefined;
  return detail['httpStatus'] === 403 ? 403 : 401;
}

/** The challenge of such a response: it names a gateway, and no metadata, as nobody can sign in at Lethe for it. */
export function rejectionChallenge({ detail }: LetheError): string {
  return `Lethe-Upstream gateway="${String(detail['gateway'])}"`;
}
