// The npm package `lethe`: the command, bundled. Beside it only the keychain library is installed, where it can be.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages } from './bundled-packages.mjs';
import { bundleCli } from './cli-bundle.mjs';
import { licencesOf, thirdPartyLicences } from './licences.mjs';
import { reachable } from './production-lock.mjs';

/** Native code: only a process of its own loads it, from where it was installed. */
const KEYCHAIN = '@napi-rs/keyring';

/**
 * @param {string} root of the checkout, built
 * @param {string} folder
 * @param {{ project: object, lock: object }} of
 * @returns {Promise<{ manifest: object, bundled: string[] }>} what it installs, and the lock file's keys of what it contains
 */
export async function makeCliPackage(root, folder, { project, lock }) {
  const metafile = await bundleCli(root, folder);
  const manifest = {
    ...project,
    name: 'lethe',
    description: 'The lethe command: registers MCP servers with a credential that is used once and forgotten',
    bin: { lethe: 'bin/lethe.mjs' },
    files: ['bin', 'lib', 'THIRD_PARTY_LICENSES'],
    optionalDependencies: { [KEYCHAIN]: lock.packages[''].optionalDependencies[KEYCHAIN] },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2) + '\n');
  const bundled = bundledPackages([metafile]);
  const rows = licencesOf(lock.packages, [...bundled, ...reachable(lock.packages, manifest)]);
  writeFileSync(join(folder, 'THIRD_PARTY_LICENSES'), thirdPartyLicences(root, rows));
  writeFileSync(join(folder, 'README.md'), readFileSync(join(root, 'scripts/packages/cli-readme.md'), 'utf8'));
  return { manifest, bundled };
}
