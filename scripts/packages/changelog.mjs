// CHANGELOG.md has the form of https://keepachangelog.com/en/1.1.0/.

/**
 * @param {string} changelog
 * @param {string} version
 * @returns {string | undefined} what `## [version] - date` has below it, undefined if that is missing or empty
 */
export function notesOf(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}] - `));
  const notes = section
    ?.replace(/^.*\n/, '')
    .replace(/^\[[^\]]+\]: .*$/gm, '')
    .trim();
  return notes === '' ? undefined : notes;
}
