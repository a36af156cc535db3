import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '@lethe/platform';
import { initTrust, loadTrust, rotateTrust, type Trust } from '@lethe/sealing';

/** The trust folder of the settings, or by default one in the data directory, which the first start creates. */
export async function openTrust(settings: Settings): Promise<Trust> {
  if (settings.trustDir) return loadTrust(settings.trustDir);
  const dir = join(settings.home, 'trust');
  const exists = await access(join(dir, 'trust.json')).then(
    () => true,
    () => false,
  );
  if (!exists) await initTrust(dir, new Date());
  const trust = await loadTrust(dir);
  if (!settings.keptCredentials || trust.keptRing()) return trust;
  // A folder of an earlier release.
  await rotateTrust(dir, 'kept', new Date());
  return loadTrust(dir);
}
