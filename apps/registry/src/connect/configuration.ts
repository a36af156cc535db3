import type { ServerAccess } from '@lethe/contracts';
import { KEY_VARIABLE, nameToSend, type NeededHeader, secretText, valueWith } from '@lethe/mcp';
import type { ClientFormat, SecretHeader, ServerEntry, Variable } from './clients/client-format.js';

/** What stands for the URL of the proxies where it is not known. */
export const UNKNOWN_PROXIES = 'https://<URL of the proxies>';

/** A virtual server, as far as its clients need to know it. */
export interface ConnectedServer {
  slug: string;
  access: ServerAccess;
  /** Where clients reach the proxies, without a trailing slash; undefined if that is not known. */
  proxyUrl: string | undefined;
  headers: readonly NeededHeader[];
}

/** How one client is configured for a virtual server. */
export interface ClientConfiguration {
  client: string;
  name: string;
  file: string;
  format: ClientFormat['format'];
  content: string;
  command?: string;
  variables: Variable[];
  notes: string[];
}

/** The configuration of a client, which contains no secret. */
export function configurationOf(client: ClientFormat, server: ConnectedServer): ClientConfiguration {
  const entry = toEntry(server);
  const { id, name, file, format, notes } = client;
  const command = client.command?.(entry);
  return {
    client: id,
    name,
    file,
    format,
    content: client.content([entry]),
    ...(command !== undefined && { command }),
    variables: client.variables?.(entry) ?? entry.headers.map(({ variable, holds }) => ({ name: variable, holds })),
    notes: [...notes, ...notesOn(server)],
  };
}

function toEntry({ slug, access, proxyUrl = UNKNOWN_PROXIES, headers }: ConnectedServer): ServerEntry {
  return {
    name: slug,
    url: `${proxyUrl}/servers/${slug}/mcp`,
    headers: [
      ...callerHeader(access),
      ...headers.map((header) => ({
        name: nameToSend(header),
        prefix: valueWith(header, ''),
        variable: header.variable,
        holds: secretText(header),
      })),
    ],
  };
}

/** How the caller identifies itself. */
function callerHeader(access: ServerAccess): SecretHeader[] {
  if (access === 'open') return [];
  const holds = access === 'key' ? "the caller's key" : `an access token of ${access.issuer}`;
  return [{ name: 'Authorization', prefix: 'Bearer ', variable: KEY_VARIABLE, holds }];
}

function notesOn({ access, proxyUrl, headers }: ConnectedServer): string[] {
  const bound = headers.filter(({ scheme }) => scheme === 'dpop').map(({ gateway }) => gateway);
  const optional = headers.filter(({ required }) => !required).map(nameToSend);
  return [
    ...(proxyUrl === undefined
      ? [`Replace ${UNKNOWN_PROXIES} by the URL at which clients reach the proxies; LETHE_PUBLIC_URL tells it.`]
      : []),
    ...(typeof access === 'object' ? ['An access token expires: the client has to get a new one by itself.'] : []),
    ...(bound.length > 0
      ? [
          `Tokens for ${bound.join(', ')} need new proofs with each request (DPoP): let the client start lethe bridge instead.`,
        ]
      : []),
    ...(optional.length > 0 ? [`Optional: leave out what you have no credential for (${optional.join(', ')}).`] : []),
  ];
}
