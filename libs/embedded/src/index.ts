export { startEmbeddedDatabase, type EmbeddedDatabase, type EmbeddedOptions } from './embedded-database.js';
export { DirectoryInUse, lockDirectory } from './directory-lock.js';
export { packCluster } from './cluster-file.js';
