import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes the addresses and process ids of a service into the data directory, atomically. */
export async function writeRuntimeFile(home: string, facts: object, name = 'runtime.json'): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const path = join(home, name);
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}
