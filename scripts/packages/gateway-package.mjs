// The npm package `lethe-gateway`: the compiled services, their dependencies locked, and the command that starts them.
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { licencesOf, thirdPartyLicences } from './licences.mjs';
import { productionLock, reachable } from './production-lock.mjs';

/** Only the lethe command imports these. */
const CLI_ONLY = ['commander', '@inquirer/password', 'oauth4webapi', '@napi-rs/keyring'];

const withoutCli = (names) => Object.fromEntries(Object.entries(names).filter(([name]) => !CLI_ONLY.includes(name)));

/** In the package everything is where it is in a checkout. */
const COPIED = [
  'dist/apps/connector',
  'dist/apps/demo/src/search',
  'dist/apps/demo/src/upstream',
  'dist/apps/proxy',
  'dist/apps/registry',
  'dist/apps/standalone',
  'dist/console',
  'dist/database',
  'dist/handshake-child',
  'dist/libs',
  'deploy/image/apps.mjs',
  'scripts/choose-node.mjs',
  'scripts/find-node.mjs',
  'scripts/gateway',
  '.env.example',
];

/** No source maps, and nothing compiled from a file that is gone: a build leaves that where it was. */
function isShipped(root, file) {
  const [, source] = /^dist\/((?:apps|libs)\/.*)\.js$/.exec(relative(root, file)) ?? [];
  return !file.endsWith('.map') && (source === undefined || existsSync(join(root, `${source}.ts`)));
}

/**
 * @param {string} root of the checkout, built
 * @param {string} folder
 * @param {{ project: object, lock: object }} of
 * @returns {object} the manifest of what it consists of
 */
export function makeGatewayPackage(root, folder, { project, lock }) {
  for (const path of COPIED) {
    cpSync(join(root, path), join(folder, path), { recursive: true, filter: (file) => isShipped(root, file) });
  }
  const { dependencies, optionalDependencies } = lock.packages[''];
  const manifest = {
    ...project,
    name: 'lethe-gateway',
    description: 'The services of Lethe, the MCP gateway that forgets credentials: together or each alone',
    os: ['linux', 'darwin'],
    bin: { 'lethe-gateway': 'scripts/gateway/lethe-gateway.sh' },
    files: [...COPIED, 'THIRD_PARTY_LICENSES', 'npm-shrinkwrap.json'],
    dependencies: withoutCli(dependencies),
    optionalDependencies: withoutCli(optionalDependencies),
  };
  const write = (file, text) => writeFileSync(join(folder, file), text);
  write('package.json', JSON.stringify(manifest, null, 2) + '\n');
  write('npm-shrinkwrap.json', JSON.stringify(productionLock(lock, manifest), null, 2) + '\n');
  const rows = licencesOf(lock.packages, reachable(lock.packages, manifest));
  write('THIRD_PARTY_LICENSES', thirdPartyLicences(root, rows));
  write('README.md', readFileSync(join(root, 'scripts/packages/gateway-readme.md'), 'utf8'));
  return manifest;
}
