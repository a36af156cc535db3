import type { ServerAdapter } from '../adapter.js';

const TOKEN = 'a-token-of-the-lab-0123456789abcdef';

export const notion: ServerAdapter = {
  name: '@notionhq/notion-mcp-server',
  version: '2.5.2',
  packages: { '@notionhq/notion-mcp-server': '2.5.2' },
  start: ({ port }) => ({
    command: 'node',
    args: [
      'node_modules/@notionhq/notion-mcp-server/bin/cli.mjs',
      ...['--transport', 'http', '--port', String(port), '--auth-token', TOKEN],
    ],
    env: { NOTION_TOKEN: 'ntn_of_the_lab' },
  }),
  token: TOKEN,
  questions: { call: { tool: 'API-get-self' } },
};
