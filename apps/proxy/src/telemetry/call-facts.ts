import { holdsCredential } from '@lethe/mcp';
import type { DecodedRequest } from '../request/mcp-request.js';
import type { CallFailure } from './call-spans.js';

/** Longest name and version of a client in a line. */
const MAX_CLIENT = 96;
/** A credential that begins in what is shown may end behind it, and its beginning alone looks like none. */
const MAX_CHECKED = 4_096;

/** How a call ended: `ok`, `client_gone`, or the code of an error. */
export function outcomeOf(failure: CallFailure): string {
  return failure === undefined || failure === 'client_gone' ? (failure ?? 'ok') : failure.code;
}

/** Which limit has refused a call; undefined if none has. */
export function limitOf(failure: CallFailure): string | undefined {
  if (failure === undefined || failure === 'client_gone') return undefined;
  const { code, detail } = failure;
  if (code === 'rate_limited') return String(detail['limit']);
  const { why } = detail;
  if (code !== 'gateway_unavailable' || (why !== 'circuit' && why !== 'concurrent')) return undefined;
  return `gateway_${why}`;
}

/** What the lines of many calls have in common. */
export function factsOf(
  request: DecodedRequest,
  { gateway, outcome, limit }: { gateway: string; outcome: string; limit: string | undefined },
): Record<string, string> {
  const { caller, era } = request;
  const server = caller.server.manifest.slug;
  const facts = { caller: caller.id, server, gateway, method: knownMethod(request), era: era.era, outcome };
  return {
    ...facts,
    ...(request.credentials?.isKept === true && { credentialLife: 'kept' }),
    ...(limit !== undefined && { limit }),
  };
}

/** What a call's line has of its own. Only names that a manifest publishes: not the URI of a resource. */
export function ownFacts(
  { target }: DecodedRequest,
  { client, address, traceId }: { client: string; address: string; traceId: string | undefined },
): Record<string, string> {
  const item = target?.item;
  return {
    ...((item?.kind === 'tool' || item?.kind === 'prompt') && { [item.kind]: item.exposed }),
    ...(client !== '' && { client: clientText(client) }),
    ...(address !== '' && { address }),
    ...(traceId !== undefined && { traceId }),
  };
}

/** A method's name is logged only if it is known: a client can send any text. */
export function knownMethod({ message, rule }: DecodedRequest): string {
  if (message.kind === 'response') return '(response)';
  return rule ? message.method : '(unknown)';
}

/** What a client calls itself, as it may stand in a log: short, in ASCII, and nothing that looks like a credential. */
export function clientText(name: string): string {
  const text = name.slice(0, MAX_CLIENT).replace(/[^\x20-\x7e]/g, '?');
  return holdsCredential(text) || holdsCredential(name.slice(0, MAX_CHECKED)) ? '(hidden)' : text;
}
