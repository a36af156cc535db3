/**
 * A version such as 1.0.0-rc.1: only who asks for it gets it. https://semver.org/#spec-item-9
 *
 * @param {string} version
 * @returns {boolean}
 */
export function isPrerelease(version) {
  return /^\d+\.\d+\.\d+-/.test(version);
}
