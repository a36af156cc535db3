// Lists the licences of all packages that the last build has bundled or that are installed where it runs, and fails if one is not
// allowed: `npm run licences`. `node scripts/licences.mjs <file>` writes them with their texts.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFrom } from './packages/bundled-packages.mjs';
import { ALLOWED, licencesOf, thirdPartyLicences } from './packages/licences.mjs';
import { reachable } from './packages/production-lock.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const rows = licencesOf(packages, [...builtFrom(root), ...reachable(packages, packages[''])]);
const refused = rows.filter(({ license }) => !ALLOWED.includes(license));
const [file] = process.argv.slice(2);
if (file === undefined) for (const { name, version, license } of rows) console.log(`${license}\t${name}@${version}`);
else writeFileSync(file, thirdPartyLicences(root, rows));
for (const { name, version, license } of refused)
  console.error(`licence not allowed: ${license} of ${name}@${version}`);
process.exitCode = refused.length === 0 ? 0 : 1;
