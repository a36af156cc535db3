import type { RegistryHarness } from './registry-harness.js';

/** A plan as `POST /v1/import` answers it. */
export interface Plan {
  applied: boolean;
  planDigest: string;
  counts: { create: number; change: number; delete: number; unchanged: number; problems: number };
  objects: {
    kind: 'gateway' | 'server';
    slug: string;
    action: string;
    changes?: { field: string; before?: unknown; after?: unknown }[];
    verify?: string;
    catalogue?: string;
    problem?: { code: string; detail?: Record<string, unknown> };
  }[];
}

/** A whole export, as text. */
export async function exported({ admin }: RegistryHarness, query = '', accept = '*/*'): Promise<string> {
  const headers = { authorization: `Bearer ${admin.token}`, accept };
  const response = await fetch(`${admin.url}/v1/export${query}`, { headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`GET /export${query}: ${response.status} ${text}`);
  return text;
}

/** Imports a document. */
export function imported(
  { admin }: RegistryHarness,
  document: string,
  query = '',
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Plan; headers: Headers }> {
  return admin.request<Plan>('POST', `/import${query}`, document, { 'content-type': 'application/yaml', ...headers });
}
