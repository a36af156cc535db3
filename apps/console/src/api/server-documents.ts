import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import { isProblem } from './problem.js';
import type { components } from './schema.js';

/** A virtual server in a document. */
export type ServerDocument = components['schemas']['ImportServerDto'];
/** What an import would do to one object. */
export type Plan = components['schemas']['PlannedObjectView'];
/** A name that belongs to an item, used or not. */
export type OwnedName = components['schemas']['NameDto'];

const API_VERSION = 'lethe/v1';

/** Names of a virtual server that belong to items and can't be seen in what it exposes now. */
export function lastingNames(slug: string) {
  return queryOptions({
    queryKey: ['servers', 'names', slug],
    queryFn: async ({ signal }): Promise<OwnedName[]> => {
      const answer = await api.GET('/v1/export', {
        params: { query: { server: slug } },
        headers: { accept: 'application/json' },
        parseAs: 'text',
        signal,
      });
      const document: unknown = JSON.parse(body(answer));
      return serversIn(document).flatMap((server) => (server.slug === slug ? (server.names ?? []) : []));
    },
  });
}

/**
 * Asks the registry what it would do: a dry run of an import makes the change with every check, and undoes it.
 * @throws Problem `invalid_request` for a field that breaks a rule
 */
export async function tryServer(server: ServerDocument): Promise<Plan | undefined> {
  const answer = await api.POST('/v1/import', {
    params: { query: { dryRun: 'true' } },
    body: { apiVersion: API_VERSION, servers: [server] },
  });
  return body(answer).objects.find(({ kind }) => kind === 'server');
}

/** Whether an error says that a thing is gone. */
export function isGone(error: unknown): boolean {
  return isProblem(error, 'not_found');
}

function serversIn(document: unknown): ServerDocument[] {
  if (!isDocument(document)) return [];
  return document.servers ?? [];
}

/** The registry has made the document: its form is that of its own OpenAPI document. */
function isDocument(value: unknown): value is { servers?: ServerDocument[] } {
  return typeof value === 'object' && value !== null && 'apiVersion' in value;
}
