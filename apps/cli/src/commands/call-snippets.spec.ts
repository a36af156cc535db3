import { describe, expect, it } from 'vitest';
import { argumentsInShell } from '@test/support/shell-commands.js';
import { callSnippets, type CallTarget } from './call-snippets.js';
import { type CalledGateway, neededHeaders } from '@lethe/mcp';

const PATH = '/servers/team/mcp';
const ENDPOINT = `https://mcp.example.com${PATH}`;

function gateway(slug: string, passthroughHeaders: CalledGateway['passthroughHeaders']): CalledGateway {
  return { id: slug, slug, passthroughHeaders };
}

function target(gateways: CalledGateway[], more: Partial<CallTarget> = {}): CallTarget {
  const headers = neededHeaders(gateways, { Authorization: gateways[0]?.slug ?? '' });
  return { endpoint: ENDPOINT, path: PATH, name: 'team', isOpen: false, isLegacyOnly: false, headers, ...more };
}

describe('commands to paste', () => {
  it('name a variable for each header, and the short form only of its owner', () => {
    const { variables, claude } = callSnippets(
      target([
        gateway('a', [{ header: 'Authorization', scheme: 'bearer' }, { header: 'X-Key' }]),
        gateway('b-2', [{ header: 'Authorization', scheme: 'basic' }]),
        gateway('3c', [{ header: 'Authorization' }, { header: 'X-Upstream-in-Authorization' }]),
      ]),
    ); // prettier-ignore
    expect(variables).toEqual({
      LETHE_KEY: "the caller's key",
      A_TOKEN: 'your own token for a',
      A_X_KEY: 'your own X-Key for a',
      B_2_BASIC: 'your own user:password for b-2, in base64',
      _3C_AUTHORIZATION: 'your own credential for 3c, with its scheme',
      _3C_X_UPSTREAM_IN_AUTHORIZATION: 'your own X-Upstream-in-Authorization for 3c, with its scheme',
    });
    expect(claude.split('\n')).toEqual([
      `claude mcp add --transport http team '${ENDPOINT}' \\`,
      "  --header 'Authorization: Bearer ${LETHE_KEY}' \\",
      "  --header 'X-Upstream-Authorization: Bearer ${A_TOKEN}' \\",
      "  --header 'X-Upstream-a-X-Key: ${A_X_KEY}' \\",
      "  --header 'X-Upstream-b-2-Authorization: Basic ${B_2_BASIC}' \\",
      "  --header 'X-Upstream-3c-Authorization: ${_3C_AUTHORIZATION}' \\",
      "  --header 'X-Upstream-3c-X-Upstream-in-Authorization: ${_3C_X_UPSTREAM_IN_AUTHORIZATION}'",
    ]);
  });

  it('never give two headers one variable, nor an upstream the key for Lethe', () => {
    const { variables } = callSnippets(
      target([
        gateway('a', [{ header: 'B-C' }]),
        gateway('a-b', [{ header: 'C' }]),
        gateway('lethe', [{ header: 'Key' }]),
      ]),
    );
    expect(Object.keys(variables)).toEqual(['LETHE_KEY', 'A_B_C', 'A_B_C_2', 'LETHE_KEY_2']);
  });

  it('expand nothing but their variables, whatever a header is called', async () => {
    const { curl, claude } = callSnippets(target([gateway('a', [{ header: "X-$HOME`pwd`'" }])]));
    const variables = ["A_X__HOME_PWD__='secret of a'", "LETHE_KEY='key'"].join('\n');
    const sent = await argumentsInShell(`${variables}\n${curl}`, 'curl');
    expect(sent).toContain("X-Upstream-a-X-$HOME`pwd`': secret of a");
    expect(await argumentsInShell(claude, 'claude')).toContain("X-Upstream-a-X-$HOME`pwd`': ${A_X__HOME_PWD__}");
  });

  it('of a server for anyone and of upstreams without credentials need no variable', () => {
    expect(callSnippets(target([gateway('a', [])], { isOpen: true }))).toMatchObject({ variables: {} });
  });

  it('take the URL of the proxies from a variable where it is not known', async () => {
    const { curl, claude, variables } = callSnippets(target([], { endpoint: undefined }));
    expect(variables).toHaveProperty('LETHE_PUBLIC_URL');
    const sent = await argumentsInShell(`LETHE_PUBLIC_URL=https://mcp.example.com\n${curl}`, 'curl');
    expect(sent).toContain(ENDPOINT);
    expect(claude).toContain("'${LETHE_PUBLIC_URL}/servers/team/mcp'");
  });

  it('initialize where only the legacy era is served', async () => {
    const sent = await argumentsInShell(callSnippets(target([], { isLegacyOnly: true })).curl, 'curl');
    expect(sent.at(-1)).toContain('"method":"initialize"');
    expect(sent.join()).not.toContain('2026-07-28');
  });
});
