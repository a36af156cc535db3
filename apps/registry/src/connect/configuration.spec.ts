import { neededHeaders } from '@lethe/mcp';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { verifies } from '@test/requirements.js';
import { argumentsInShell } from '@test/support/shell-commands.js';
import { CLIENTS, clientOf } from './clients/clients.js';
import { configurationOf, type ConnectedServer, UNKNOWN_PROXIES } from './configuration.js';

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
};

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
  });

  it('say what is not known', () => {
    const open = { ...SERVER, access: 'open', proxyUrl: undefined, headers: [] } as const;
    const { content, notes } = configurationOf(clientOf('cursor') ?? CLIENTS[0]!, open);
    expect(JSON.parse(content)).toMatchObject({ mcpServers: { team: { headers: {} } } });
    expect(content).toContain(UNKNOWN_PROXIES);
    expect(notes.some((note) => note.includes('LETHE_PUBLIC_URL'))).toBe(true);
  });
});
