import type { ServerAdapter } from '../adapter.js';

export const playwrightMcp: ServerAdapter = {
  name: '@playwright/mcp',
  version: '0.0.83',
  packages: { '@playwright/mcp': '0.0.83' },
  start: ({ port }) => ({
    command: 'node',
    args: [
      'node_modules/@playwright/mcp/cli.js',
      ...['--headless', '--host', '127.0.0.1', '--port', String(port)],
      // Bound to 127.0.0.1 it admits the host name localhost alone.
      ...['--allowed-hosts', `127.0.0.1:${port}`],
    ],
  }),
  // Needs no browser.
  questions: { call: { tool: 'browser_close' } },
};
