import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { listenOnLoopback } from '../upstreams/loopback-server.js';
import { modernServer } from '../upstreams/modern-server.js';
import { record, type RecordedRequest } from '../upstreams/recorded-request.js';
import type { Issuer } from './issuer.js';

/** An MCP server that takes access tokens of an authorization server, and says of which (RFC 9728). */
export interface ProtectedUpstream {
  origin: string;
  url: string;
  /** The access tokens that it saw, valid or not. */
  tokens: string[];
  /** Every request. */
  received: RecordedRequest[];
  /** Whose tokens it takes, and what its metadata say; tests change it. */
  trusts: { issuer: Issuer; metadata?: object; onlyForPath?: boolean };
  /** The scope that a token needs for calls of tools. */
  needs?: string;
  /** What its metadata say to everybody but a connector, or that it is not there for them. */
  forHere?: object | 'none';
  close(): Promise<void>;
}

/** A modern-era server with the tool `echo` at `/mcp`. */
export async function startProtectedUpstream(name: string, issuer: Issuer): Promise<ProtectedUpstream> {
  const tokens: string[] = [];
  const received: RecordedRequest[] = [];
  const mcp = createMcpHandler(() => modernServer(name), { legacy: 'reject' });
  const serve = toNodeHandler(mcp);
  const running: { upstream?: ProtectedUpstream } = {};
  const { origin, close } = await listenOnLoopback((request, response) => {
    received.push(record(request));
    const trusts = running.upstream?.trusts ?? { issuer };
    const path = request.url ?? '/';
    const isHere = request.headers['user-agent'] !== 'lethe-connector';
    const forHere = isHere ? running.upstream?.forHere : undefined;
    if (forHere === 'none') return void request.socket.destroy();
    const forPath = '/.well-known/oauth-protected-resource/mcp';
    if (path === forPath || (path === '/.well-known/oauth-protected-resource' && !trusts.onlyForPath)) {
      const own = { resource: `${origin}/mcp`, authorization_servers: [trusts.issuer.issuer], scopes_supported: ['tools'] };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...own, ...trusts.metadata, ...forHere }));
      return;
    }
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (token !== undefined) tokens.push(token);
    void trusts.issuer.check(token ?? '', `${origin}/mcp`).then((scope) => {
      const needs = request.headers['mcp-method'] === 'tools/call' ? running.upstream?.needs : undefined;
      const isEnough = needs === undefined || scope?.split(' ').includes(needs) === true;
      if (path === '/mcp' && scope !== undefined && isEnough) return serve(request, response);
      request.resume();
      if (scope !== undefined && !isEnough) {
        const narrow = `Bearer error="insufficient_scope", scope="${needs}", resource_metadata="${origin}${forPath}"`;
        response.writeHead(403, { 'www-authenticate': narrow }).end();
        return undefined;
      }
      const challenge = `Bearer error="invalid_token", resource_metadata="${origin}${forPath}"`;
      response.writeHead(path === '/mcp' ? 401 : 404, { 'www-authenticate': challenge }).end();
      return undefined;
    });
  }); // prettier-ignore
  const ended = async (): Promise<void> => {
    await mcp.close();
    await close();
  };
  running.upstream = { origin, url: `${origin}/mcp`, tokens, received, trusts: { issuer }, close: ended };
  return running.upstream;
}
