import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch, type Versioned, versioned } from './client.js';
import { pagesOf } from './pages.js';
import type { components, operations } from './schema.js';

/** A virtual server: what MCP clients see. */
export type Server = components['schemas']['ServerView'];
/** What may be said of a virtual server when it is made. */
export type NewServer = components['schemas']['CreateServerDto'];
/** What may change of it. */
export type ServerChanges = components['schemas']['ChangeServerDto'];
/** By what virtual servers are filtered and sorted. */
export type ServerFilters = Omit<NonNullable<operations['listServers']['parameters']['query']>, 'cursor' | 'limit'>;
/** How large the list of a virtual server is for a model. */
export type ServerSize = components['schemas']['ServerSizeView'];
/** A call to explain. */
export type CallToExplain = components['schemas']['ExplainDto'];
/** Why a call is let through or not. */
export type Explanation = components['schemas']['ExplanationView'];

/** A change that was made, and whether it is in effect. */
export interface Published extends Versioned<Server> {
  /** Whether all live proxies serve it. */
  isServed: boolean;
  /** Hosts of proxies that did not serve it when the time to wait was over, where they are known. */
  late: string[];
}

/** Each has all its exposed items: a page is a screenful or two. */
const PAGE = 50;
const ITEMS = 1_000;
/** As long as one waits in front of a page; the change is made in any case. */
const WAIT = { Prefer: 'wait=10' } as const;

/** All virtual servers that match, page by page. */
export function serverPages(filters: ServerFilters) {
  return pagesOf(['servers', 'list', filters], async (cursor, signal) =>
    body(
      await api.GET('/v1/servers', {
        params: { query: { ...filters, limit: PAGE, ...(cursor && { cursor }) } },
        signal,
      }),
    ),
  );
}

/** One virtual server by id or slug, with its `ETag`. */
export function oneServer(ref: string) {
  return queryOptions({ queryKey: ['servers', 'one', ref], queryFn: ({ signal }) => readServer(ref, signal) });
}

/** Reads one virtual server now. */
export async function readServer(ref: string, signal?: AbortSignal): Promise<Versioned<Server>> {
  return versioned(await api.GET('/v1/servers/{ref}', { params: { path: { ref } }, ...(signal && { signal }) }));
}

/** Makes a virtual server, and waits until the proxies serve it. @throws Problem */
export async function createServer(server: NewServer): Promise<Published> {
  const answer = await api.POST('/v1/servers', { params: { header: WAIT }, body: server });
  return { ...versioned(answer), ...effectOf(answer.response) };
}

/** Changes a virtual server if nobody else has since `etag`, and waits until the proxies serve it. @throws Problem */
export async function changeServer(ref: string, changes: ServerChanges, etag: string | undefined): Promise<Published> {
  const answer = await api.PATCH('/v1/servers/{ref}', {
    params: { path: { ref }, header: { ...WAIT, ...ifMatch(etag) } },
    body: changes,
  });
  return { ...versioned(answer), ...effectOf(answer.response) };
}

/** Deletes a virtual server. @throws Problem */
export async function deleteServer(ref: string, etag: string | undefined): Promise<void> {
  await api.DELETE('/v1/servers/{ref}', { params: { path: { ref }, header: { ...WAIT, ...ifMatch(etag) } } });
}

/** How large the published list is, for everybody or for a caller with this role; `*`: one without roles. */
export function serverSize(ref: string, kind: ServerSize['kind'], role?: string) {
  return queryOptions({
    queryKey: ['servers', 'size', ref, kind, role],
    queryFn: async ({ signal }) => {
      const query = { kind, limit: ITEMS, ...(role !== undefined && { role }) };
      const first = body(await api.GET('/v1/servers/{ref}/size', { params: { path: { ref }, query }, signal }));
      const { items } = first;
      for (let cursor = first.nextCursor; cursor !== undefined;) {
        const params = { path: { ref }, query: { ...query, cursor } };
        const next = body(await api.GET('/v1/servers/{ref}/size', { params, signal }));
        items.push(...next.items);
        cursor = next.nextCursor;
      }
      return { ...first, items };
    },
  });
}

/** Why a caller may call an item or not. It makes no call. @throws Problem */
export async function explainCall(ref: string, call: CallToExplain): Promise<Explanation> {
  return body(await api.POST('/v1/servers/{ref}/explain', { params: { path: { ref } }, body: call }));
}

function effectOf({ headers }: Response): Pick<Published, 'isServed' | 'late'> {
  return {
    isServed: headers.has('preference-applied'),
    late: headers.get('lethe-not-applied')?.split(', ') ?? [],
  };
}
