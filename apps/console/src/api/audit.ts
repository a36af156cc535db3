import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import { pagesOf } from './pages.js';
import type { components, operations } from './schema.js';

/** An entry of the audit log. */
export type AuditEntry = components['schemas']['AuditEntryView'];
/** Whether the audit log is what was written. */
export type AuditVerification = components['schemas']['AuditVerificationView'];
/** By what entries are filtered; `from` and `to` are times of RFC 3339. */
export type AuditFilters = Omit<NonNullable<operations['listAudit']['parameters']['query']>, 'cursor' | 'limit'>;
/** Which entries an export has. */
export type AuditSpan = NonNullable<operations['exportAudit']['parameters']['query']>;

const PAGE = 200;

/** The entries that match, page by page, newest first. */
export function auditPages(filters: AuditFilters) {
  return pagesOf(['audit', 'list', filters], async (cursor, signal) =>
    body(
      await api.GET('/v1/audit', { params: { query: { ...filters, limit: PAGE, ...(cursor && { cursor }) } }, signal }),
    ),
  );
}

/**
 * Checks the audit log. The registry reads all of it for that, so it is not done again by itself, also not after an event:
 * the key does not begin with `audit`.
 */
export function auditVerification() {
  return queryOptions({
    queryKey: ['auditVerification'],
    queryFn: async ({ signal }) => body(await api.GET('/v1/audit/verification', { signal })),
    staleTime: 300_000,
    refetchInterval: false,
  });
}

/** All entries of a time, oldest first, as JSON lines. */
export async function exportAudit(span: AuditSpan): Promise<string> {
  return body(await api.GET('/v1/audit/export', { params: { query: span }, parseAs: 'text' }));
}
