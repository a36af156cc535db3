import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, type ServiceProcess, until } from '../processes.js';

const PRELOADED = pathToFileURL(join(ROOT, 'test/support/leak/heap-on-signal.mjs')).href;

/** Settings of a service whose heap can be looked at, with a folder for that. */
export function lookedInto(folder: string): Record<string, string> {
  return { HEAP_FOLDER: folder, NODE_OPTIONS: `--import=${PRELOADED}` };
}

/** A file with everything that a service can still reach in its heap. */
export async function reachableHeap(service: ServiceProcess, folder: string): Promise<string> {
  const file = join(folder, `${service.pid}.heapsnapshot`);
  rmSync(file, { force: true });
  service.signal('SIGUSR2');
  await until(`the heap of ${service.name}`, () => existsSync(file) || undefined, 60_000);
  return file;
}
