import type { IncomingMessage, ServerResponse } from 'node:http';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { ProbeReport } from '@lethe/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { SELF_SIGNED } from '../support/connector/self-signed.js';
import {
  legacyScript,
  startModernUpstream,
  startScriptedUpstream,
  type Upstream,
  type UpstreamScript,
} from '../support/upstreams/index.js';
import { startWholeLethe, type WholeLethe } from '../support/whole-lethe.js';

const CREDENTIAL_HEADERS = ['authorization', 'cookie', 'x-api-key'];

describe('a probe', () => {
  let lethe: WholeLethe;
  const upstreams: Upstream[] = [];
  beforeAll(async () => void (lethe = await startWholeLethe()));
  afterAll(async () => {
    await Promise.all(upstreams.map((upstream) => upstream.close()));
    await lethe?.close();
  });

  const started = <U extends Upstream>(upstream: U): U => {
    upstreams.push(upstream);
    return upstream;
  };
  const scripted = async (script: UpstreamScript) => started(await startScriptedUpstream(script));
  const probe = (url: string, more: object = {}) => lethe.admin.ask<ProbeReport>('POST', '/probes', { url, ...more });

  it('tells eras, versions, transport and sessions, sends no credential, and stores nothing', async () => {
    verifies('probe.tells');
    const modern = started(await startModernUpstream({ name: 'modern' }));
    const legacy = await scripted(legacyScript({ sessionId: 'a-session', serverInfo: { name: 'old\u001b[2J' } }));
    expect(await probe(modern.url)).toMatchObject({
      outcome: 'open',
      transport: 'streamable-http',
      eras: [{ era: 'modern', protocolVersions: ['2026-07-28'] }],
    });
    expect(await probe(legacy.url)).toMatchObject({
      outcome: 'open',
      serverName: 'old[2J',
      eras: [{ era: 'legacy', protocolVersions: ['2025-11-25'], sessionful: true }],
    });
    expect(legacy.received.at(-1)?.method).toBe('DELETE');
    const sent = [...modern.received, ...legacy.received].flatMap(({ headers }) => Object.keys(headers));
    expect(CREDENTIAL_HEADERS.filter((name) => sent.includes(name))).toEqual([]);
    expect(await lethe.admin.ask('GET', '/gateways')).toMatchObject({ items: [] });
  });

  it('knows the older transport', async () => {
    const { url } = await scripted(({ request, response }) => {
      if (request.method !== 'GET') return void response.writeHead(405).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: endpoint\ndata: /messages?session=secret\n\n');
    });
    const report = await probe(url);
    expect(report).toMatchObject({ outcome: 'open', transport: 'sse', eras: [{ era: 'legacy', sessionful: true }] });
    expect(JSON.stringify(report)).not.toContain('session=secret');
  });

  it('reads a challenge and what stands behind it, cut and cleaned', async () => {
    verifies('probe.tells');
    const { url, received } = await scripted(oauth);
    const report = await probe(url);
    const { origin } = new URL(url);
    expect(report).toMatchObject({ outcome: 'credential_required', httpStatus: 401, eras: [] });
    expect(report.challenge).toEqual({
      schemes: ['Bearer'],
      realm: 'a realm',
      resourceMetadata: `${origin}/metadata`,
    });
    expect(report.authorization).toEqual({
      resourceMetadata: `${origin}/metadata`,
      resource: url,
      scopes: ['read'],
      servers: [
        {
          ...{ issuer: `${origin}/as`, isConfirmed: true, tokenEndpoint: `${origin}/token` },
          ...{ registrationEndpoint: `${origin}/register`, pkce: ['S256'], grantTypes: ['authorization_code'] },
          ...{ registration: ['metadata_document', 'dynamic'], device: true, dpop: true },
        },
        // Verbatim: a slash at the end would be another issuer.
        { issuer: 'http://10.1.2.3', isConfirmed: false },
      ],
    });
    expect(received.some(({ headers }) => 'authorization' in headers)).toBe(false);
  });

  it('tells the certificate, and that one is not trusted', async () => {
    const server = createServer(SELF_SIGNED, (_request, response) => void response.writeHead(401).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `https://127.0.0.1:${port}/mcp`;
    const trusted = getCACertificates('default');
    try {
      expect(await probe(url)).toMatchObject({ outcome: 'unreachable', why: 'tls' });
      setDefaultCACertificates([...trusted, SELF_SIGNED.cert]);
      const report = await probe(url);
      expect(report).toMatchObject({ outcome: 'credential_required', challenge: { schemes: [] } });
      expect(report.tls).toEqual({
        protocol: 'TLSv1.3',
        issuer: '127.0.0.1',
        expiresAt: new Date(new X509Certificate(SELF_SIGNED.cert).validTo).toISOString(),
      });
    } finally {
      setDefaultCACertificates(trusted);
      server.close();
    }
  });

  it('follows no redirect, and goes nowhere that may not be registered', async () => {
    verifies('probe.guarded');
    const { url } = await scripted(({ response }) => {
      response.writeHead(307, { location: 'https://elsewhere.example.com/mcp?token=secret' }).end();
    });
    expect(await probe(url)).toMatchObject({ outcome: 'redirected', redirectsTo: 'https://elsewhere.example.com' });
    for (const forbidden of ['http://169.254.169.254/mcp', 'https://10.0.0.1/mcp', 'https://user:pass@a.example/mcp']) {
      const answer = await lethe.admin.request('POST', '/probes', { url: forbidden });
      expect(answer).toMatchObject({ status: 400, body: { code: 'url_forbidden' } });
    }
    const answer = await lethe.admin.request('POST', '/probes', { url, token: 'secret' });
    expect(answer.body).toMatchObject({ code: 'credential_in_clear' });
  });

  it('ends in time and reads a bounded part, whatever answers', async () => {
    verifies('probe.guarded');
    const silent = await scripted(() => undefined);
    const endless = await scripted(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const flood = (): void => {
        if (response.write('['.repeat(65_536))) setImmediate(flood);
        else response.once('drain', flood);
      };
      flood();
    });
    const began = performance.now();
    const reports = await Promise.all([probe(silent.url), probe(endless.url)]);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(reports.map(({ outcome }) => outcome)).toEqual(['unreachable', 'not_mcp']);
    expect(await probe('http://127.0.0.1:9/mcp')).toMatchObject({ outcome: 'unreachable', why: 'refused' });
  });

  it('is bounded in its rate', async () => {
    verifies('probe.guarded');
    const answers = [];
    for (let n = 0; n < 31; n += 1)
      answers.push(await lethe.admin.request('POST', '/probes', { url: 'http://127.0.0.1:9/mcp' }));
    const last = answers.at(-1);
    expect(last).toMatchObject({ status: 429, body: { code: 'too_many_probes' } });
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

/** An upstream that wants a token, with metadata; its other authorization server is an address that may not be dialled. */
function oauth({ request, response }: { request: IncomingMessage; response: ServerResponse }): void {
  const origin = `http://${request.headers.host ?? ''}`;
  const documents: Record<string, object> = {
    // With the query of the challenge, which the report does not show.
    [request.url === '/metadata?a=b' ? '/metadata' : '']: {
      resource: `${origin}/mcp`,
      authorization_servers: [`${origin}/as`, 'http://10.1.2.3', 'https://third.example.com'],
      scopes_supported: ['read'],
    },
    '/.well-known/oauth-authorization-server/as': {
      ...{ issuer: `${origin}/as`, token_endpoint: `${origin}/token`, registration_endpoint: `${origin}/register` },
      ...{ authorization_endpoint: 'javascript:alert(1)', code_challenge_methods_supported: ['S256'] },
      grant_types_supported: ['authorization_code'],
      ...{ client_id_metadata_document_supported: true, dpop_signing_alg_values_supported: ['ES256'] },
      device_authorization_endpoint: `${origin}/device`,
    },
  };
  const document = documents[new URL(request.url ?? '', origin).pathname];
  if (document)
    return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  const challenge = `Bearer realm="a realm", resource_metadata="${origin}/metadata?a=b"`;
  response.writeHead(401, { 'www-authenticate': challenge }).end();
}
