import { createHash, randomUUID } from 'node:crypto';
import { type IncomingMessage, request as forward } from 'node:http';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { listenOnLoopback } from '../upstreams/loopback-server.js';
import { passOn } from '../upstreams/pass-on.js';
import type { Issuer } from './issuer.js';

/** Seconds by which the clock of a client may differ. */
const SKEW = 30;

/** A request that somebody sent, and what became of it. */
export interface DpopRequest {
  method: string;
  authorization: string | undefined;
  proof: string | undefined;
  /** What was wrong with it; undefined if it was let through. */
  refused: string | undefined;
}

/** A front of an MCP server that lets through what RFC 9449 wants, and nothing else. */
export interface DpopUpstream {
  origin: string;
  url: string;
  requests: DpopRequest[];
  /** Those that were refused for another reason than a nonce. */
  wrong(): DpopRequest[];
  /** Proofs need the newest nonce, if there is one; a test changes it. */
  nonce: string | undefined;
  /** Sends a nonce of its own with each response, from which on it is wanted. */
  rotates: boolean;
  close(): Promise<void>;
}

/** @param target the endpoint that is behind */
export async function startDpopUpstream(target: string, issuer: Issuer): Promise<DpopUpstream> {
  const seen = new Set<string>();
  const requests: DpopRequest[] = [];
  const { origin, close } = await listenOnLoopback((request, response) => {
    const forPath = '/.well-known/oauth-protected-resource';
    if (request.url?.startsWith(forPath)) {
      const metadata = { resource: `${origin}/mcp`, authorization_servers: [issuer.issuer], scopes_supported: ['tools'], dpop_bound_access_tokens_required: true };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(metadata));
      return;
    }
    void verdictOn(request, { url: `${origin}/mcp`, issuer, seen, nonce: upstream.nonce }).then((refused) => {
      const { method = '', headers } = request;
      requests.push({ method, authorization: headers.authorization, proof: headers['dpop']?.toString(), refused });
      if (upstream.rotates) upstream.nonce = randomUUID();
      if (upstream.nonce !== undefined) response.setHeader('dpop-nonce', upstream.nonce);
      if (refused !== undefined) {
        request.resume();
        response.writeHead(401, { 'www-authenticate': `DPoP error="${refused.split(' ')[0]}", algs="ES256"` }).end();
        return;
      }
      const { authorization: _token, connection: _hop, dpop: _proof, host: _host, ...rest } = headers;
      const forwarded = forward(target, { method, headers: { ...rest, host: new URL(target).host } });
      passOn(forwarded, response);
      request.pipe(forwarded);
    });
  }); // prettier-ignore
  const wrong = (): DpopRequest[] => requests.filter(({ refused }) => refused !== undefined && refused !== 'use_dpop_nonce');
  const upstream: DpopUpstream = { origin, url: `${origin}/mcp`, requests, wrong, nonce: undefined, rotates: false, close };
  return upstream;
} // prettier-ignore

interface Expected {
  url: string;
  issuer: Issuer;
  seen: Set<string>;
  nonce: string | undefined;
}

/** RFC 9449, sections 4.3, 7.1 and 9. Undefined if all is well. */
async function verdictOn({ headers, method, url: path }: IncomingMessage, { url, issuer, seen, nonce }: Expected): Promise<string | undefined> {
  const [, token] = /^DPoP (\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (token === undefined || (await issuer.check(token, url)) === undefined) return 'invalid_token';
  const proof = headers['dpop']?.toString() ?? '';
  const verified = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'] }).catch(() => undefined);
  if (!verified) return 'invalid_dpop_proof signature';
  const { jti, htm, htu, iat = 0, ath, nonce: given } = verified.payload;
  const { jwk } = verified.protectedHeader;
  if (!jwk || 'd' in jwk || (await calculateJwkThumbprint(jwk)) !== (await issuer.boundTo(token))) return 'invalid_dpop_proof key';
  if (htm !== method || htu !== url || path !== '/mcp') return `invalid_dpop_proof for ${String(htm)} ${String(htu)}`;
  if (ath !== createHash('sha256').update(token).digest('base64url')) return 'invalid_dpop_proof ath';
  if (Math.abs(Date.now() / 1_000 - iat) > SKEW) return 'invalid_dpop_proof iat';
  if (typeof jti !== 'string' || seen.has(jti)) return 'invalid_dpop_proof replayed';
  seen.add(jti);
  return nonce === undefined || given === nonce ? undefined : 'use_dpop_nonce';
} // prettier-ignore
