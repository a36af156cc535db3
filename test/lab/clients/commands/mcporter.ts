import { connectSnippet, writeInHome } from '../agent.js';
import type { ServerEntry } from '../client.js';
import { commandClient } from './command-client.js';

const FILE = 'config/mcporter.json';

const snippet = (servers: ServerEntry[]) => connectSnippet('mcporter', servers);

export const mcporter = commandClient({
  id: 'mcporter',
  name: 'mcporter',
  install: { by: 'npm', packages: { mcporter: '0.12.3' } },
  note: 'Each command is a session of its own. It takes any error whose text contains `401` for a missing login.',
  snippet,
  configure: ({ servers, home }) => writeInHome(home, FILE, snippet(servers).text),
  open: ({ name }) => [['mcporter', '--config', FILE, 'list', name, '--json']],
  call: ({ name }, { tool, arguments: given }) => [
    'mcporter',
    '--config',
    FILE,
    'call',
    `${name}.${tool}`,
    '--args',
    JSON.stringify(given),
    '--no-oauth',
  ],
});
