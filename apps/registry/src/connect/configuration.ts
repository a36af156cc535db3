import type { ServerAccess } from '@lethe/contracts';
import {
  canHaveToken,
  isProofHeader,
  KEY_VARIABLE,
  nameToSend,
  type NeededHeader,
  secretText,
  valueWith,
} from '@lethe/mcp';
import { BRIDGE_NOTES, type BridgeFormat, BRIDGES, HEADER_HELPER } from './clients/bridges.js';
import type { ClientFormat, SecretHeader, ServerEntry, Variable } from './clients/client-format.js';

/** How a client can get the credentials of its person. */
export const WAYS = ['headers', 'bridge', 'helper'] as const;
/** From variables and prompts, from `lethe bridge`, which it starts, or from `lethe headers`, which it runs. */
export type Way = (typeof WAYS)[number];

/** What stands for the URL of the proxies where it is not known. */
export const UNKNOWN_PROXIES = 'https://<URL of the proxies>';

/** A virtual server, as far as its clients need to know it. */
export interface ConnectedServer {
  slug: string;
  access: ServerAccess;
  /** Where clients reach the proxies, without a trailing slash; undefined if that is not known. */
  proxyUrl: string | undefined;
  headers: readonly NeededHeader[];
  /** Gateways for which callers can send a token, and whose upstream says where people sign in for one. */
  signIn: readonly string[];
}

/** How one client is configured for a virtual server. */
export interface ClientConfiguration {
  client: string;
  way: Way;
  name: string;
  file: string;
  format: ClientFormat['format'];
  content: string;
  command?: string;
  link?: string;
  variables: Variable[];
  notes: string[];
}

/** The ways in which a client can be configured. */
export function waysOf({ id }: ClientFormat): Way[] {
  return WAYS.filter((way) => way === 'headers' || formatOf(id, way) !== undefined);
}

/** The configuration of a client, which contains no secret; undefined if the client has none for this way. */
export function configurationOf(
  client: ClientFormat,
  server: ConnectedServer,
  way: Way = 'headers',
): ClientConfiguration | undefined {
  const { id, name, file, format } = client;
  const entry = toEntry(server, way);
  const parts = way === 'headers' ? headerParts(client, entry, server) : loginParts(client, entry, server, way);
  return parts && { client: id, way, name, file, format, ...parts };
}

type Parts = Pick<ClientConfiguration, 'content' | 'command' | 'link' | 'variables' | 'notes'>;

function headerParts(client: ClientFormat, entry: ServerEntry, server: ConnectedServer): Parts {
  return {
    content: client.content([entry]),
    ...shortcuts(client, entry, server),
    variables: client.variables?.(entry) ?? variablesOf(entry),
    notes: [...client.notes, ...notesOn(server, 'headers'), ...offersOf(client, server)],
  };
}

function loginParts(client: ClientFormat, entry: ServerEntry, server: ConnectedServer, way: Way): Parts | undefined {
  const bridge = formatOf(client.id, way);
  return (
    bridge && {
      content: bridge.content([entry]),
      ...shortcuts(bridge, entry, server),
      // A client that has no variables has them in no other form either.
      variables: client.variables?.(entry).length === 0 ? [] : variablesOf(entry),
      notes: [...(way === 'bridge' ? BRIDGE_NOTES : []), ...bridge.notes, ...notesOn(server, way)],
    }
  );
}

/** What does the same as to write the file. An address with a part to replace would be of no use to anybody. */
function shortcuts(
  format: Pick<ClientFormat, 'command' | 'link'>,
  entry: ServerEntry,
  { proxyUrl }: ConnectedServer,
): Pick<Parts, 'command' | 'link'> {
  const command = format.command?.(entry);
  const link = proxyUrl === undefined ? undefined : format.link?.(entry);
  return { ...(command !== undefined && { command }), ...(link !== undefined && { link }) };
}

function formatOf(id: string, way: Way): BridgeFormat | undefined {
  if (way === 'helper') return id === 'claude-code' ? HEADER_HELPER : undefined;
  return BRIDGES[id];
}

function variablesOf({ headers }: ServerEntry): Variable[] {
  return headers.map(({ variable, holds }) => ({ name: variable, holds }));
}

/** Where people sign in, other ways need no token that somebody pastes. */
function offersOf(client: ClientFormat, { signIn, slug }: ConnectedServer): string[] {
  const others = waysOf(client).filter((way) => way !== 'headers');
  if (signIn.length === 0 || others.length === 0) return [];
  const commands = others.map((way) => `lethe connect ${slug} --client ${client.id} --way ${way}`).join(', or ');
  return [`People sign in for ${signIn.join(', ')}. Without a token to paste: ${commands}`];
}

/** The headers whose values the client's variables hold. */
function ownHeaders({ headers, signIn }: ConnectedServer, way: Way): NeededHeader[] {
  return headers.filter((header) => way === 'headers' || !isFromLogin(header, signIn));
}

/** What a login gives is in no configuration of a client that uses logins. */
function isFromLogin(header: NeededHeader, signIn: readonly string[]): boolean {
  const isToken = canHaveToken(header) && (header.scheme !== undefined || signIn.includes(header.gateway));
  return isToken || isProofHeader(header.header);
}

function toEntry(server: ConnectedServer, way: Way): ServerEntry {
  const { slug, access, proxyUrl = UNKNOWN_PROXIES } = server;
  const own = ownHeaders(server, way);
  return {
    name: slug,
    url: `${proxyUrl}/servers/${slug}/mcp`,
    headers: [
      ...callerHeader(access),
      ...own.map((header) => ({
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

function notesOn(server: ConnectedServer, way: Way): string[] {
  const { access, proxyUrl, headers } = server;
  const bound = headers.filter(({ scheme }) => scheme === 'dpop').map(({ gateway }) => gateway);
  const optional = ownHeaders(server, way)
    .filter(({ required }) => !required)
    .map(nameToSend);
  return [
    ...(proxyUrl === undefined
      ? [`Replace ${UNKNOWN_PROXIES} by the URL at which clients reach the proxies; LETHE_PUBLIC_URL tells it.`]
      : []),
    ...(typeof access === 'object' ? ['An access token expires: the client has to get a new one by itself.'] : []),
    ...(bound.length > 0 && way !== 'bridge'
      ? [
          `Tokens for ${bound.join(', ')} need new proofs with each request (DPoP): let the client start lethe bridge instead.`,
        ]
      : []),
    ...(optional.length > 0 ? [`Optional: leave out what you have no credential for (${optional.join(', ')}).`] : []),
  ];
}
