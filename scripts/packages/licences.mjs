// The licences of what Lethe ships: of its production dependencies, from package-lock.json and their installed files.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that allow shipping the package with Lethe under Apache-2.0, if their text comes with it. */
export const ALLOWED = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
];

const nameOf = (key) => key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);

/**
 * Name, version and licence of the packages of a lock file that `keys` name, sorted, each once.
 *
 * @param {Record<string, { version: string, license?: string }>} packages
 * @param {string[]} keys
 * @returns {{ key: string, name: string, version: string, license: string }[]}
 */
export function licencesOf(packages, keys) {
  const rows = keys.map((key) => {
    const { version, license = 'none' } = packages[key];
    return [`${nameOf(key)}@${version}`, { key, name: nameOf(key), version, license }];
  });
  return [...new Map(rows.sort(([a], [b]) => (a < b ? -1 : 1))).values()];
}

/** The texts of a package's licence files. Packages of other platforms are not installed, and have none here. */
function textsOf(folder) {
  try {
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file));
    return files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  } catch {
    return [];
  }
}

/**
 * The notice that goes with a package or image: every package with its licence, then the texts that they bring.
 *
 * @param {string} root of the checkout, with its node_modules
 * @param {{ key: string, name: string, version: string, license: string }[]} rows
 * @returns {string}
 */
export function thirdPartyLicences(root, rows) {
  const users = new Map();
  for (const { key, name, version } of rows) {
    for (const text of textsOf(join(root, key))) users.set(text, [...(users.get(text) ?? []), `${name} ${version}`]);
  }
  const list = rows.map(({ name, version, license }) => `${name} ${version}: ${license}`);
  const texts = [...users].map(([text, names]) => `${'-'.repeat(78)}\n${names.join(', ')}\n\n${text}`);
  return `${['Lethe contains or installs these packages:', '', ...list, '', ...texts].join('\n')}\n`;
}
