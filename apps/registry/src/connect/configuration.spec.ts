import { neededHeaders } from '@lethe/mcp';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { verifies } from '@test/requirements.js';
import { argumentsInShell } from '@test/support/shell-commands.js';
import { CLIENTS, clientOf } from './clients/clients.js';
import {
  configurationOf as configure,
  type ConnectedServer,
  UNKNOWN_PROXIES,
  type Way,
  waysOf,
} from './configuration.js';
import type { ClientFormat } from './clients/client-format.js';

const HEADERS = neededHeaders(
  [
    { id: 'g', slug: 'git-hub', passthroughHeaders: [{ header: 'Authorization', scheme: 'bearer', required: true }] },
    {
      id: 'c',
      slug: 'crm',
      passthroughHeaders: [{ header: 'Authorization', scheme: 'basic', required: true }, { header: 'X-Tenant' }],
    },
  ],
  { Authorization: 'g' },
);
const SERVER: ConnectedServer = {
  slug: 'team',
  access: 'key',
  proxyUrl: 'https://mcp.example.com',
  headers: HEADERS,
  signIn: [],
};
const configurationOf = (client: ClientFormat, server: ConnectedServer, way?: Way) => {
  const configuration = configure(client, server, way);
  if (!configuration) throw new Error(`${client.id} has no ${way}`);
  return configuration;
};
const BRIDGED = CLIENTS.flatMap((client) => waysOf(client).filter((way) => way !== 'headers').map((way) => [client.id, way, client] as const)); // prettier-ignore

describe.each(CLIENTS.map((client) => [client.id, client] as const))('the configuration of %s', (_id, client) => {
  it('is as this client reads it', () => {
    verifies('connect.no-secret');
    const { content, command, variables, notes, format } = configurationOf(client, SERVER);
    if (format === 'json') expect(JSON.parse(content)).toBeTypeOf('object');
    if (format === 'yaml') expect(parse(content)).toBeTypeOf('object');
    expect([content, command, variables, notes.join('\n')].filter(Boolean)).toMatchSnapshot();
  });

  it('names every header, and a variable, a prompt or a note for each secret', () => {
    const { content, command = '', variables, notes } = configurationOf(client, SERVER);
    const names = ['X-Upstream-Authorization', 'X-Upstream-crm-Authorization', 'X-Upstream-crm-X-Tenant'];
    expect(names.filter((name) => !`${content}${command}`.includes(name))).toEqual([]);
    const isKept = variables.length === 4 || content.includes('"password": true');
    expect(isKept || notes.some((note) => note.includes('chmod 600'))).toBe(true);
  });
});

describe('configurations', () => {
  const variables = (id: string) => configurationOf(clientOf(id) ?? CLIENTS[0]!, SERVER).variables;

  it('have commands that a shell passes on unchanged', async () => {
    const { command = '' } = configurationOf(clientOf('claude-code') ?? CLIENTS[0]!, SERVER);
    expect(await argumentsInShell(command, 'claude')).toEqual([
      ...['mcp', 'add', '--transport', 'http', 'team', 'https://mcp.example.com/servers/team/mcp'],
      ...['--header', 'Authorization: Bearer ${LETHE_KEY}'],
      ...['--header', 'X-Upstream-Authorization: Bearer ${GIT_HUB_TOKEN}'],
      ...['--header', 'X-Upstream-crm-Authorization: Basic ${CRM_BASIC}'],
      ...['--header', 'X-Upstream-crm-X-Tenant: ${CRM_X_TENANT}'],
    ]);
  });

  it('say what a variable has to hold, which for Codex is the whole value', () => {
    expect(variables('codex').map(({ name }) => name)).toEqual([
      ...['LETHE_KEY', 'GIT_HUB_AUTHORIZATION', 'CRM_AUTHORIZATION', 'CRM_X_TENANT'],
    ]);
    expect(variables('codex')[1]?.holds).toMatch(/^Bearer and a space, then your own token/);
    expect(variables('vscode')).toEqual([]);
  });

  it('say that a bridge is needed for tokens that are bound to a key', () => {
    const passthroughHeaders = [{ header: 'Authorization', scheme: 'dpop' as const }, { header: 'DPoP' }];
    const headers = neededHeaders([{ id: 'b', slug: 'bank', passthroughHeaders }], {});
    const { content, notes } = configurationOf(clientOf('cursor') ?? CLIENTS[0]!, { ...SERVER, headers });
    expect(content).toContain('DPoP ${');
    expect(notes.join()).toMatch(/Tokens for bank [^]*lethe bridge/);
    const bridge = configurationOf(clientOf('cursor') ?? CLIENTS[0]!, { ...SERVER, headers }, 'bridge');
    expect(bridge.variables.map(({ name }) => name)).toEqual(['LETHE_KEY']);
    expect(bridge.notes.join()).not.toContain('bank');
  });

  it('are also an address that Visual Studio Code and Cursor open, with references in the place of secrets', () => {
    verifies('connect.no-secret');
    const linked = (id: string, way?: Way) => configurationOf(clientOf(id) ?? CLIENTS[0]!, SERVER, way);
    for (const way of ['headers', 'bridge'] as const) {
      const { link: vscode = '', content } = linked('vscode', way);
      const { name, inputs, ...settings } = JSON.parse(decodeURIComponent(new URL(vscode).search.slice(1)));
      expect({ inputs, servers: { [name]: settings } }).toEqual(JSON.parse(content));
      const cursor = linked('cursor', way);
      const { hostname, pathname, searchParams } = new URL(cursor.link ?? '');
      expect([hostname, pathname]).toEqual(['anysphere.cursor-deeplink', '/mcp/install']);
      const config = JSON.parse(Buffer.from(searchParams.get('config') ?? '', 'base64').toString());
      expect({ mcpServers: { [searchParams.get('name') ?? '']: config } }).toEqual(JSON.parse(cursor.content));
    }
    expect(CLIENTS.filter(({ id }) => linked(id).link !== undefined).map(({ id }) => id)).toEqual(['vscode', 'cursor']);
    const unknown = { ...SERVER, proxyUrl: undefined };
    expect(configurationOf(clientOf('cursor') ?? CLIENTS[0]!, unknown)).not.toHaveProperty('link');
  });

  it('say what is not known', () => {
    const open = { ...SERVER, access: 'open', proxyUrl: undefined, headers: [] } as const;
    const { content, notes } = configurationOf(clientOf('cursor') ?? CLIENTS[0]!, open);
    expect(JSON.parse(content)).toMatchObject({ mcpServers: { team: { headers: {} } } });
    expect(content).toContain(UNKNOWN_PROXIES);
    expect(notes.some((note) => note.includes('LETHE_PUBLIC_URL'))).toBe(true);
  });
});

describe.each(BRIDGED)('the configuration of %s by %s', (_id, way, client) => {
  it('is as this client reads it: no token, and no variable of one', () => {
    verifies('connect.bridge');
    const { content, command = '', variables, notes, format } = configurationOf(client, SERVER, way);
    if (format === 'json') expect(JSON.parse(content)).toBeTypeOf('object');
    if (format === 'yaml') expect(parse(content)).toBeTypeOf('object');
    expect([content, command, variables, notes.join('\n')].filter(Boolean)).toMatchSnapshot();
    expect(`${content}${command}${JSON.stringify(variables)}`).not.toContain('GIT_HUB');
    expect(content).toContain('https://mcp.example.com/servers/team/mcp');
    // What no login gives, the bridge reads from its environment.
    for (const name of way === 'bridge' ? ['LETHE_KEY', 'CRM_BASIC', 'CRM_X_TENANT'] : [])
      expect(content).toContain(name);
  });
});

describe('configurations for people who sign in', () => {
  it('have commands that a shell passes on unchanged', async () => {
    verifies('connect.bridge');
    for (const [id, program, flags] of [
      ['claude-code', 'claude', ['mcp', 'add', ...environment('--env', '${'), '--transport', 'stdio', 'team', '--']],
      ['gemini-cli', 'gemini', ['mcp', 'add', '-s', 'user', ...environment('-e', '$'), 'team']],
    ] as const) {
      const { command = '' } = configurationOf(clientOf(id) ?? CLIENTS[0]!, SERVER, 'bridge');
      const bridge = ['lethe', 'bridge', 'https://mcp.example.com/servers/team/mcp'];
      expect(await argumentsInShell(command, program)).toEqual([...flags, ...bridge]);
    }
  });

  it('leave a header without a scheme to the bridge where the upstream says who gives tokens', () => {
    const [header] = neededHeaders(
      [{ id: 'g', slug: 'git-hub', passthroughHeaders: [{ header: 'Authorization', required: true }] }],
      {},
    );
    const variables = (way: Way, signIn: string[]) =>
      configurationOf(clientOf('cursor') ?? CLIENTS[0]!, { ...SERVER, headers: header ? [header] : [], signIn }, way)
        .variables.map(({ name }) => name);
    expect(variables('bridge', ['git-hub'])).toEqual(['LETHE_KEY']);
    expect(variables('bridge', [])).toEqual(['LETHE_KEY', 'GIT_HUB_AUTHORIZATION']);
    expect(variables('headers', ['git-hub'])).toEqual(['LETHE_KEY', 'GIT_HUB_AUTHORIZATION']);
  }); // prettier-ignore

  it('are offered where the upstream of a gateway says who gives tokens', () => {
    verifies('connect.bridge');
    const notes = (id: string, signIn: string[]) =>
      configurationOf(clientOf(id) ?? CLIENTS[0]!, { ...SERVER, signIn }).notes.join('\n');
    expect(notes('cursor', ['git-hub'])).toContain('lethe connect team --client cursor --way bridge');
    expect(notes('claude-code', ['git-hub'])).toMatch(/--way bridge, or .* --way helper/);
    expect(notes('cursor', [])).not.toContain('--way');
    expect(notes('inspector', ['git-hub'])).not.toContain('--way');
    expect(configure(clientOf('cursor') ?? CLIENTS[0]!, SERVER, 'helper')).toBeUndefined();
  });
});

function environment(flag: string, before: string): string[] {
  const names = ['LETHE_KEY', 'CRM_BASIC', 'CRM_X_TENANT'];
  return names.flatMap((name) => [flag, `${name}=${before}${name}${before === '${' ? '}' : ''}`]);
}
