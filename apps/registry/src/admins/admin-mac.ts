import type { JsonObject } from '@lethe/contracts';

/** The content that `Admin.mac` authenticates. */
export function adminMacContent(admin: { id: string; name: string; role: string }, secret: string): JsonObject {
  return { id: admin.id, name: admin.name, role: admin.role, secret };
}
