// The npm package `lethe-gateway`: the bundled services, what they do not contain locked, and the command that starts them.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtFrom } from './bundled-packages.mjs';
import { licencesOf, thirdPartyLicences } from './licences.mjs';
import { productionLock, reachable } from './production-lock.mjs';

/** Only the lethe command imports this. */
const CLI_ONLY = ['@napi-rs/keyring'];

const withoutCli = (names) => Object.fromEntries(Object.entries(names).filter(([name]) => !CLI_ONLY.includes(name)));

/** In the package everything is where it is in a checkout. */
const COPIED = [
  'dist/api-page',
  'dist/apps/connector',
  'dist/apps/demo/src/upstream',
  'dist/apps/proxy',
  'dist/apps/registry',
  'dist/apps/standalone',
  'dist/bundled.cdx.json',
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

/** No source maps. */
const isShipped = (file) => !file.endsWith('.map');

/**
 * @param {string} root of the checkout, built
 * @param {string} folder
 * @param {{ project: object, lock: object }} of
 * @returns {{ manifest: object, bundled: string[] }} what it installs, and the lock file's keys of what it contains
 */
export function makeGatewayPackage(root, folder, { project, lock }) {
  for (const path of COPIED) {
    cpSync(join(root, path), join(folder, path), { recursive: true, filter: isShipped });
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
  const bundled = builtFrom(root, (part) => part !== 'command');
  const rows = licencesOf(lock.packages, [...bundled, ...reachable(lock.packages, manifest)]);
  write('THIRD_PARTY_LICENSES', thirdPartyLicences(root, rows));
  write('README.md', readFileSync(join(root, 'scripts/packages/gateway-readme.md'), 'utf8'));
  return { manifest, bundled };
}
