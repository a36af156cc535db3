// Creates a cluster in the folder of its argument. A process of its own, as this takes 500 MB, which PGlite would keep.
// Imports packages only, so that Node.js can start it from the source as well as from the build.
import { PGlite } from '@electric-sql/pglite';

/** Small segments of the write-ahead log: a folder of a small registry has several of them. */
const INITDB = ['--wal-segsize=1'];

const dir = process.argv[2];
if (dir === undefined) throw new Error('Name the folder');
const db = await PGlite.create(dir, { initDbStartParams: INITDB });
await db.close();
