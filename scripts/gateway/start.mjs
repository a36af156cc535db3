// Starts the service that the first argument of lethe-gateway names; without one, all three in one process.
import { readFileSync } from 'node:fs';
import { APPS } from '../../deploy/image/apps.mjs';

const [name = 'standalone', ...others] = process.argv.slice(2);
const root = new URL('../../', import.meta.url);
if (name === '--version') {
  console.log(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).version);
} else if (Object.hasOwn(APPS, name) && others.length === 0) {
  await import(new URL(APPS[name].entry, root).href);
} else {
  const isHelp = name === '--help';
  const usage = [
    `Usage: lethe-gateway [${Object.keys(APPS).join(' | ')}]`,
    'Without an argument it starts standalone: registry, connector and proxy in one process, data in ./.lethe',
    'Settings are environment variables; .env.example in this package lists them.',
  ];
  (isHelp ? console.log : console.error)(usage.join('\n'));
  process.exitCode = isHelp ? 0 : 2;
}
