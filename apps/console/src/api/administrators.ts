import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch, type Versioned, versioned } from './client.js';
import { pagesOf } from './pages.js';
import type { components } from './schema.js';

/** An administrator with a token of Lethe, without the token. */
export type Administrator = components['schemas']['AdminView'];
/** What an administrator may do: `viewer` reads, `editor` changes gateways, servers and keys, `admin` administrators too. */
export type Role = Administrator['role'];
/** An administrator as creation and rotation show it, this once, with the token. */
export type IssuedAdministrator = components['schemas']['AdminWithTokenView'];
/** An administrator to make. */
export type NewAdministrator = components['schemas']['CreateAdminDto'];
/** What can be changed of one. */
export type AdministratorChanges = Pick<
  components['schemas']['ChangeAdminDto'],
  'name' | 'role' | 'enabled' | 'expiresAt'
>;

const PAGE = 200;

/** All administrators with tokens of Lethe, page by page, oldest first. */
export function administratorPages() {
  return pagesOf(['admins', 'list'], async (cursor, signal) =>
    body(await api.GET('/v1/admins', { params: { query: { limit: PAGE, ...(cursor && { cursor }) } }, signal })),
  );
}

/** One administrator with the `ETag`. */
export function oneAdministrator(id: string) {
  return queryOptions({
    queryKey: ['admins', 'one', id],
    queryFn: async ({ signal }) => versioned(await api.GET('/v1/admins/{id}', { params: { path: { id } }, signal })),
  });
}

/**
 * Makes an administrator.
 * @param attempt says that a repeated request is the same one: no second one is made (409 `secret_shown_once`)
 */
export async function createAdministrator(wanted: NewAdministrator, attempt: string): Promise<IssuedAdministrator> {
  const header = { 'Idempotency-Key': attempt };
  return body(await api.POST('/v1/admins', { params: { header }, body: wanted }));
}

/** Changes one. @throws Problem `precondition_failed` if it was changed since `etag`; `last_administrator` */
export async function changeAdministrator(
  id: string,
  changes: AdministratorChanges,
  etag: string | undefined,
): Promise<Versioned<Administrator>> {
  const params = { path: { id }, header: ifMatch(etag) };
  return versioned(await api.PATCH('/v1/admins/{id}', { params, body: changes }));
}

/** Replaces the token of one; the old one works on for the overlap. */
export async function rotateAdministrator(
  id: string,
  overlapSeconds: number,
  attempt: string,
): Promise<IssuedAdministrator> {
  const params = { path: { id }, header: { 'Idempotency-Key': attempt } };
  return body(await api.POST('/v1/admins/{id}/rotate', { params, body: { overlapSeconds } }));
}

/** Deletes one for good. @throws Problem `precondition_failed` if it was changed since `etag`; `last_administrator` */
export async function removeAdministrator(id: string, etag: string | undefined): Promise<void> {
  await api.DELETE('/v1/admins/{id}', { params: { path: { id }, header: ifMatch(etag) } });
}
