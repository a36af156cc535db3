// Makes the npm packages lethe and lethe-gateway from the built services: dist/packages/<name>-<version>.tgz, and with each
// its SBOM in CycloneDX, <name>-<version>.cdx.json.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledComponents } from './packages/bundled-packages.mjs';
import { makeCliPackage } from './packages/cli-package.mjs';
import { makeGatewayPackage } from './packages/gateway-package.mjs';
import { productionLock } from './packages/production-lock.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const packages = join(root, 'dist/packages');
const json = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

function run(command, args, cwd) {
  const { status, stdout } = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
}

/** Of what is installed with the package, by a lock file that has nothing else, and of what is bundled in it. */
function writeSbom(name, lock, { manifest, bundled }) {
  const folder = join(packages, 'sbom', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(productionLock(lock, manifest)));
  const sbom = JSON.parse(run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], folder));
  const installed = new Set(sbom.components.map(({ purl }) => purl));
  const contained = bundledComponents(lock.packages, bundled).filter(({ purl }) => !installed.has(purl));
  sbom.components.push(...contained);
  writeFileSync(join(packages, `${name}.cdx.json`), JSON.stringify(sbom, null, 2));
}

// npm takes a provenance only for a package that names the repository whose workflow built it.
const { GITHUB_SERVER_URL: host, GITHUB_REPOSITORY: name } = process.env;
const repository = host && name ? { type: 'git', url: `git+${host}/${name}.git` } : undefined;
const { version, license, engines } = json('package.json');
const project = {
  version,
  license,
  type: 'module',
  engines,
  repository,
  publishConfig: { access: 'public', provenance: true },
};
run(process.execPath, [join(root, 'scripts/build-if-stale.mjs')], root);
rmSync(packages, { recursive: true, force: true });
for (const [name, make] of [
  ['lethe', makeCliPackage],
  ['lethe-gateway', makeGatewayPackage],
]) {
  const folder = join(packages, name);
  mkdirSync(folder, { recursive: true });
  const lock = json('package-lock.json');
  writeSbom(`${name}-${version}`, lock, await make(root, folder, { project, lock }));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  run('npm', ['pack', '--silent', '--pack-destination', packages], folder);
  console.log(join('dist/packages', `${name}-${version}.tgz`));
}
