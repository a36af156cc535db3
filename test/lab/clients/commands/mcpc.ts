import { connectSnippet, writeInHome } from '../agent.js';
import type { ServerEntry } from '../client.js';
import { commandClient } from './command-client.js';

const FILE = 'mcp.json';

const snippet = (servers: ServerEntry[]) => connectSnippet('mcpc', servers);

export const mcpc = commandClient({
  id: 'mcpc',
  name: 'mcpc',
  install: { by: 'npm', packages: { '@apify/mcpc': '0.2.6' } },
  note: 'Of several `-H` options only the last is sent: use a file. It keeps the values in the keychain, or in a file where there is none.',
  snippet,
  configure: ({ servers, home }) => writeInHome(home, FILE, snippet(servers).text),
  open: ({ name }) => [
    ['mcpc', 'connect', `./${FILE}:${name}`, `@${name}`],
    ['mcpc', `@${name}`, 'tools-list', '--json'],
  ],
  call: ({ name }, { tool, arguments: given }) => ['mcpc', `@${name}`, 'tools-call', tool, JSON.stringify(given)],
  close: ({ name }) => ['mcpc', `@${name}`, 'close'],
});
