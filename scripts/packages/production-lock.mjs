// The part of package-lock.json that some of its dependencies need, in the form of npm-shrinkwrap.json.

/** Where Node.js finds `name` when a file of the package at `from` imports it: in its own folder, then in those above. */
function resolveIn(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    const key = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (key in packages) return key;
    if (at === '') return undefined;
  }
}

/** The names that a package imports at run time. Peers that are optional are none of them. */
function namesOf({ dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }) {
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  return [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers];
}

/**
 * The keys of the lock file's packages that `manifest` needs at run time.
 *
 * @param {Record<string, object>} packages those of package-lock.json
 * @param {object} manifest
 * @returns {string[]}
 */
export function reachable(packages, manifest) {
  const found = new Set();
  const queue = namesOf(manifest).map((name) => resolveIn(packages, '', name));
  for (const key of queue) {
    if (key === undefined || found.has(key)) continue;
    found.add(key);
    queue.push(...namesOf(packages[key]).map((name) => resolveIn(packages, key, name)));
  }
  return [...found].sort();
}

/**
 * A lock file for `manifest` with the versions and hashes of `lock`.
 *
 * @param {{ lockfileVersion: number, packages: Record<string, object> }} lock
 * @param {object} manifest
 * @returns {object}
 */
export function productionLock({ lockfileVersion, packages }, manifest) {
  const { name, version, license, bin, engines, dependencies, optionalDependencies } = manifest;
  const own = { name, version, license, bin, engines, dependencies, optionalDependencies };
  const kept = reachable(packages, manifest).map((key) => {
    const entry = { ...packages[key] };
    delete entry.dev;
    delete entry.devOptional;
    return [key, entry];
  });
  return { name, version, lockfileVersion, requires: true, packages: { '': own, ...Object.fromEntries(kept) } };
}
