// Which packages the bundles are made of. Nothing of them is in node_modules where Lethe runs, so who checks for known holes or
// licences finds them in dist/bundled.cdx.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licencesOf } from './licences.mjs';

/**
 * The lock file's keys of the packages that bundles were made from, sorted.
 *
 * @param {import('esbuild').Metafile[]} metafiles
 * @returns {string[]}
 */
export function bundledPackages(metafiles) {
  const files = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const keys = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(keys.filter((key) => key !== undefined))].sort();
}

/**
 * The same as an SBOM: https://cyclonedx.org/docs/1.6/json/
 *
 * @param {string} root of the checkout
 * @param {string[]} keys
 * @returns {string}
 */
export function bundledSbom(root, keys) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const components = licencesOf(packages, keys).map(({ key, name, version, license }) => ({
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    licenses: [{ license: { id: license } }],
    properties: [{ name: 'cdx:npm:package:path', value: key }],
  }));
  return `${JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components }, null, 1)}\n`;
}

/**
 * The lock file's keys of what the last build has bundled.
 *
 * @param {string} root of the checkout, built
 * @returns {string[]}
 */
export function builtFrom(root) {
  const { components } = JSON.parse(readFileSync(join(root, 'dist/bundled.cdx.json'), 'utf8'));
  return components.map(({ properties: [{ value }] }) => value);
}
