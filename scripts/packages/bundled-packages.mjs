// Which packages the bundles are made of. Nothing of them is in node_modules where Lethe runs, so who checks for known holes or
// licences finds them in dist/bundled.cdx.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licencesOf } from './licences.mjs';

const PART = 'lethe:part';

/**
 * The lock file's keys of the packages that bundles were made from, sorted.
 *
 * @param {import('esbuild').Metafile[]} metafiles
 * @returns {string[]}
 */
export function bundledPackages(metafiles) {
  const files = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  // From the first node_modules on, as that of the checkout may be a link to another place, to the package of the last one.
  const keys = files.map((file) => /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(keys.filter((key) => key !== undefined))].sort();
}

/**
 * The same as components of an SBOM: https://cyclonedx.org/docs/1.6/json/#components
 *
 * @param {Record<string, { version: string, license?: string }>} packages of the lock file
 * @param {string[]} keys
 * @returns {{ name: string, version: string, purl: string, properties: { value: string }[] }[]}
 */
export function bundledComponents(packages, keys) {
  return licencesOf(packages, keys).map(({ key, name, version, license }) => {
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    const properties = [{ name: 'cdx:npm:package:path', value: key }];
    return {
      'bom-ref': purl,
      type: 'library',
      name,
      version,
      purl,
      licenses: [{ license: { id: license } }],
      properties,
    };
  });
}

/**
 * An SBOM of nothing else, which says of each package what of Lethe contains it.
 *
 * @param {string} root of the checkout
 * @param {Record<string, import('esbuild').Metafile[]>} bundles by what of Lethe they are
 * @returns {string}
 */
export function bundledSbom(root, bundles) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const parts = Object.entries(bundles).map(([name, metafiles]) => ({ name, keys: bundledPackages(metafiles) }));
  const all = parts.flatMap(({ keys }) => keys);
  const components = bundledComponents(packages, all).map(({ properties, ...component }) => {
    const users = parts.filter(({ keys }) => keys.includes(properties[0].value));
    return { ...component, properties: [...properties, ...users.map(({ name }) => ({ name: PART, value: name }))] };
  });
  return `${JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components }, null, 1)}\n`;
}

/**
 * The lock file's keys of what the last build has bundled.
 *
 * @param {string} root of the checkout, built
 * @param {(part: string) => boolean} [isWanted] says whether a part of Lethe is meant, such as `proxy` or `command`
 * @returns {string[]}
 */
export function builtFrom(root, isWanted = () => true) {
  const { components } = JSON.parse(readFileSync(join(root, 'dist/bundled.cdx.json'), 'utf8'));
  const isOf = ({ properties }) => properties.some(({ name, value }) => name === PART && isWanted(value));
  return components.filter(isOf).map(({ properties: [{ value }] }) => value);
}
