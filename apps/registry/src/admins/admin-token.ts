import type { JsonObject } from '@lethe/contracts';

/** The content that `Admin.mac` authenticates. */
export function adminMacContent(admin: { id: string; name: string; role: string }, secret: string): JsonObject {
  return { id: admin.id, name: admin.name, role: admin.role, secret };
}

/** The token of an `Authorization: Bearer` header (RFC 6750, section 2.1). */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}
