import { firstThere, onPath, run } from './cache.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function installed(): string | undefined {
  return firstThere(NAMES.flatMap((name) => onPath(name, ['/usr/bin', '/snap/bin']) ?? []));
}

/** Installed and not unpacked like others: it needs a hundred libraries. That takes root, as CI has it. */
function fromDebian(): void {
  if (process.getuid?.() !== 0) throw new Error('install the package chromium of your distribution');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
}

/** The Chromium of this machine, else Debian's. @throws Error that says why there is none */
export function chromiumBinary(): string {
  const found = installed();
  if (found) return found;
  console.error("Not installed: installing Debian's chromium");
  fromDebian();
  const binary = installed();
  if (!binary) throw new Error('the package holds no chromium');
  return binary;
}
