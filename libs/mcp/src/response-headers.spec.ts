import { describe, expect, it } from 'vitest';
import { relayedJsonHeaders } from './response-headers.js';

describe('the headers of a relayed response', () => {
  it.each([
    'Set-Cookie', 'Access-Control-Allow-Origin', 'Location', 'Alt-Svc', 'Clear-Site-Data', 'Refresh', 'Link', 'Server-Timing',
    'Report-To', 'Strict-Transport-Security', 'Content-Security-Policy', 'WWW-Authenticate', 'Content-Encoding', 'Connection',
    'Transfer-Encoding', 'Server', 'X-Mcp-Thing', 'Mcp-Thing', 'Mcp-Session-Id', 'MCP-Protocol-Version', 'Retry-After',
    'Cache-Control', 'Age', 'Expires', 'ETag', 'Vary', 'Content-Type',
  ])('have nothing of the upstream’s %s', (name) => {
    const given = { 'content-type': 'application/json; charset=utf-7', [name.toLowerCase()]: 'public' };
    expect(relayedJsonHeaders(given)).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  }); // prettier-ignore

  it('have the length of the body', () => {
    expect(relayedJsonHeaders({ 'content-length': '7' })).toMatchObject({ 'content-length': '7' });
  });
});
