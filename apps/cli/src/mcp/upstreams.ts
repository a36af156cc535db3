import { MAPPING_SCHEMES } from '@lethe/contracts';
import { KEY_VARIABLE, neededHeaders, type NeededHeader, parseJson, SLUG } from '@lethe/mcp';
import * as z from 'zod/mini';
import { CliError } from '../errors/cli.error.js';
import { exchange } from '../registry/exchange.js';
import { problemResponse } from '../registry/problem-response.js';
import type { Endpoint } from './endpoint.js';

const TIMEOUT_MS = 10_000;

const toldOAuth = z.looseObject({
  /** The resource indicator (RFC 8707), verbatim. */
  resource: z.string(),
  scope: z.optional(z.string()),
  scopes: z.optional(z.array(z.string())),
  servers: z.array(
    z.looseObject({
      issuer: z.string(),
      /** Of a client that an administrator has registered there for everybody. */
      clientId: z.optional(z.string()),
    }),
  ),
});
/** How to get tokens for an upstream, as a connector found it and a signed manifest says. */
export type ToldOAuth = z.infer<typeof toldOAuth>;

const upstreamsResponse = z.looseObject({
  items: z.array(
    z.looseObject({
      /** It becomes a part of commands that people are shown. */
      gateway: z.string().check(z.regex(SLUG)),
      name: z.string(),
      origin: z.string(),
      oauth: z.optional(toldOAuth),
      url: z.optional(z.string()),
      eras: z._default(z.array(z.looseObject({ era: z.string() })), []),
      headers: z.array(
        z.looseObject({
          header: z.string(),
          short: z.optional(z.string()),
          scheme: z.optional(z.enum(MAPPING_SCHEMES)),
          required: z.boolean(),
        }),
      ),
    }),
  ),
});

/** A gateway of a virtual server, as its callers see it. */
export interface UpstreamOfServer {
  gateway: string;
  name: string;
  /** Where a caller's credential goes. */
  origin: string;
  oauth?: ToldOAuth | undefined;
  /** Of its endpoint, where callers sign for it. */
  url?: string | undefined;
  /** Whether it speaks the modern era, and no other. */
  isModern: boolean;
  headers: NeededHeader[];
}

/**
 * Asks the proxies which gateways a virtual server has, and which headers each needs.
 * @param key the caller's; undefined for an open virtual server
 * @throws CliError `key_missing`, `proxy_unreachable`, and what the proxy answers
 */
export async function readUpstreams(
  { upstreams: url }: Endpoint,
  key: string | undefined,
): Promise<UpstreamOfServer[]> {
  const headers: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  const request = { method: 'GET', headers, body: undefined, timeoutMs: TIMEOUT_MS };
  const { status, text } = await exchange(url, request).catch(() => {
    // Such an error may quote headers, so it is not shown.
    throw new CliError('unreachable', 'proxy_unreachable', `The proxies do not answer at ${new URL(url).origin}`);
  });
  if (status === 401 && key === undefined) {
    const text401 = `This virtual server wants a caller's key, and ${KEY_VARIABLE} is not set`;
    throw new CliError('usage', 'key_missing', text401, ['Ask an administrator of this Lethe for one (lethe key <server> makes it), then export it.']);
  }
  if (status !== 200) throw refused(status, text);
  const { items } = upstreamsResponse.parse(parseJson(text));
  const shortForm = items.flatMap(({ gateway, headers: own }) =>
    own.flatMap(({ header, short }) => (short === undefined ? [] : [[header, gateway] as const])),
  );
  const gateways = items.map(({ gateway, headers: own }) => ({ id: gateway, slug: gateway, passthroughHeaders: own }));
  const needed = neededHeaders(gateways, Object.fromEntries(shortForm));
  return items.map(({ gateway, name, origin, url: endpoint, oauth, eras }) => ({
    ...{ gateway, name, origin, oauth, url: endpoint },
    isModern: eras.length > 0 && eras.every(({ era }) => era === 'modern'),
    headers: needed.filter((header) => header.gateway === gateway),
  }));
}

function refused(status: number, text: string): CliError {
  const { data: problem } = z.extend(problemResponse, { detail: z.optional(z.string()) }).safeParse(parseJson(text));
  if (!problem) return new CliError('refused', `http_${status}`, `The proxies answered with HTTP ${status}`);
  return new CliError('refused', problem.code, problem.detail ?? problem.title ?? `HTTP ${status}`);
}
