import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch, type Versioned, versioned } from './client.js';
import { pagesOf } from './pages.js';
import type { components, operations } from './schema.js';

/** A caller's key, without the key itself. */
export type Key = components['schemas']['KeyView'];
/** A key as its issue or rotation shows it, this once. */
export type IssuedKey = components['schemas']['IssuedKeyView'];
/** By what keys are filtered. */
export type KeyFilters = Omit<NonNullable<operations['listKeys']['parameters']['query']>, 'cursor' | 'limit'>;
/** A key to issue. */
export type KeyToIssue = components['schemas']['IssueKeyDto'];
/** What can be changed of a key. */
export type KeyChanges = Pick<components['schemas']['ChangeKeyDto'], 'name' | 'roles' | 'expiresAt'>;
/** How a key is replaced. */
export type Rotation = components['schemas']['RotateKeyDto'];

const PAGE = 200;
/** A change is answered when all proxies have it, or after these seconds: what is shown then works. */
const APPLIED = { Prefer: 'wait=5' } as const;

/** All keys that match and are not revoked, page by page, oldest first. */
export function keyPages(filters: KeyFilters) {
  return pagesOf(['keys', 'list', filters], async (cursor, signal) =>
    body(
      await api.GET('/v1/keys', { params: { query: { ...filters, limit: PAGE, ...(cursor && { cursor }) } }, signal }),
    ),
  );
}

/** One key with its `ETag`. */
export function oneKey(id: string) {
  return queryOptions({
    queryKey: ['keys', 'one', id],
    queryFn: async ({ signal }) => versioned(await api.GET('/v1/keys/{id}', { params: { path: { id } }, signal })),
  });
}

/**
 * Issues a key.
 * @param attempt says that a repeated request is the same one: no second key is made (409 `secret_shown_once`)
 */
export async function issueKey(key: KeyToIssue, attempt: string): Promise<IssuedKey> {
  const header = { ...APPLIED, 'Idempotency-Key': attempt };
  return body(await api.POST('/v1/keys', { params: { header }, body: key }));
}

/** Changes a key. @throws Problem `precondition_failed` if it was changed since `etag` */
export async function changeKey(id: string, changes: KeyChanges, etag: string | undefined): Promise<Versioned<Key>> {
  const params = { path: { id }, header: { ...APPLIED, ...ifMatch(etag) } };
  return versioned(await api.PATCH('/v1/keys/{id}', { params, body: changes }));
}

/** Makes a key that takes the place of this one. */
export async function rotateKey(id: string, rotation: Rotation, attempt: string): Promise<IssuedKey> {
  const params = { path: { id }, header: { ...APPLIED, 'Idempotency-Key': attempt } };
  return body(await api.POST('/v1/keys/{id}/rotate', { params, body: rotation }));
}

/** Revokes a key for good. @throws Problem `precondition_failed` if it was changed since `etag` */
export async function revokeKey(id: string, etag: string | undefined): Promise<void> {
  await api.DELETE('/v1/keys/{id}', { params: { path: { id }, header: { ...APPLIED, ...ifMatch(etag) } } });
}

/** Names one attempt to make a key. */
export function newAttempt(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
