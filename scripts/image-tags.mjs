// Prints the tags of the image of a version, separated by commas: `node scripts/image-tags.mjs <image> <version>`.
// A pre-release has its own only, so that nobody gets it who asked for 1.0.
import { isPrerelease } from './packages/prerelease.mjs';

const [image, version] = process.argv.slice(2);
const minor = version.split('.', 2).join('.');
console.log((isPrerelease(version) ? [version] : [version, minor]).map((tag) => `${image}:${tag}`).join(','));
