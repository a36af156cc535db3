// Loaded into a service by NODE_OPTIONS: at SIGUSR2 it writes what is reachable in its heap into HEAP_FOLDER.
import { renameSync } from 'node:fs';
import { writeHeapSnapshot } from 'node:v8';

process.on('SIGUSR2', () => {
  const file = `${process.env['HEAP_FOLDER']}/${process.pid}`;
  // Garbage is collected before.
  writeHeapSnapshot(`${file}.part`);
  renameSync(`${file}.part`, `${file}.heapsnapshot`);
});
