// Prints the notes of a version from CHANGELOG.md; fails if the tag is not the version of the project, or has no notes.
import { readFileSync } from 'node:fs';
import { notesOf } from './packages/changelog.mjs';

const root = new URL('../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const [tag] = process.argv.slice(2);
const notes = notesOf(readFileSync(new URL('CHANGELOG.md', root), 'utf8'), version);
if (tag === `v${version}` && notes !== undefined) {
  console.log(notes);
} else {
  console.error(tag === `v${version}` ? `CHANGELOG.md has no notes of ${version}` : `${tag} is not v${version}`);
  process.exitCode = 1;
}
