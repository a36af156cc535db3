import { describe, expect, it } from 'vitest';
import { relayedJsonHeaders } from './response-headers.js';

describe('the headers of a relayed response', () => {
  it.each([
    'Set-Cookie', 'Access-Control-Allow-Origin', 'Location', 'Alt-Svc', 'Clear-Site-Data', 'Refresh', 'Link', 'Server-Timing',
    'Report-To', 'Strict-Transport-Security', 'Content-Security-Policy', 'WWW-Authenticate', 'Content-Encoding', 'Connection',
    'Transfer-Encoding', 'Server', 'X-Mcp-Thing', 'Mcp-Thing', 'Mcp-Session-Id', 'MCP-Protocol-Version', 'Retry-After',
    'Cache-Control', 'Age', 'Expires', 'ETag', 'Vary', 'Content-Length',
  ])('have nothing of the upstream’s %s', (name) => {
    const given = { 'content-type': 'application/json; charset=utf-8', [name.toLowerCase()]: 'public' };
    const own = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
    expect(relayedJsonHeaders(given)).toEqual(own);
  }); // prettier-ignore

  it('have a media type of their own where the upstream sent several', () => {
    expect(relayedJsonHeaders({ 'content-type': ['application/json', 'x/y'] })['content-type']).toBe(
      'application/json',
    );
  });
});
