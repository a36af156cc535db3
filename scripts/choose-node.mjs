// Which Node.js the project's commands run on (docs/adr/0008): the one of the install if it can run, otherwise the system's.

/** The oldest version, as in libs/platform/src/node-version.ts. */
export const OLDEST_NODE = [24, 14, 1];

/** Libraries that the Node.js of the install needs and a minimal system may lack, and the packages with them. */
const BROUGHT_BY = {
  'libatomic.so.1': 'Debian, Ubuntu: apt-get install libatomic1; Fedora, RHEL: dnf install libatomic',
  'libstdc++.so.6': 'Debian, Ubuntu: apt-get install libstdc++6; Fedora, RHEL: dnf install libstdc++',
};

function isNewEnough(version) {
  const parts = version.replace(/^v/, '').split('.').map(Number);
  const difference = OLDEST_NODE.map((wanted, at) => (parts[at] ?? 0) - wanted).find((step) => step !== 0) ?? 0;
  return difference >= 0;
}

function whatToInstall(failure) {
  const node = `Node.js ${OLDEST_NODE.join('.')} or later`;
  if (failure === undefined) return `there is no Node.js package for this platform; install ${node}`;
  const library = /\blib[\w+.-]+\.so[.\d]*/.exec(failure)?.[0];
  if (!library) return `the Node.js of the install cannot run here; install ${node}`;
  const packages = BROUGHT_BY[library] ? ` (${BROUGHT_BY[library]})` : '';
  return `the Node.js of the install needs ${library}, which this system lacks; install it${packages}, or ${node}`;
}

/**
 * @param {{
 *   bundled: string | undefined,
 *   system: { path: string, version: string },
 *   tryOut: (path: string) => { version: string } | { failure: string },
 * }} found `bundled` is undefined where the install brought none; `tryOut` runs `--version`.
 * @returns {{ path: string } | { problem: string }}
 */
export function chooseNode({ bundled, system, tryOut }) {
  const trial = bundled === undefined ? undefined : tryOut(bundled);
  if (trial && 'version' in trial && isNewEnough(trial.version)) return { path: bundled };
  if (isNewEnough(system.version)) return { path: system.path };
  const failure = trial && 'failure' in trial ? trial.failure : trial && '';
  return { problem: `${whatToInstall(failure)} (this is ${system.version})` };
}
