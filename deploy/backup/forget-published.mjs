// After an older backup was restored: deletes the published state, whose revisions are newer than those of the database.
// The registries publish what the database has. NATS_URL is that of the operator (docs/operations/backup.md).
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const { NATS_URL } = process.env;
if (!NATS_URL) throw new Error('NATS_URL is needed: the address of NATS with the user operator');
const { protocol, host, username, password } = new URL(NATS_URL);
const connection = await connect({
  servers: host,
  user: decodeURIComponent(username),
  pass: decodeURIComponent(password),
  ...(protocol === 'tls:' && { tls: {} }),
});
const { streams } = await jetstreamManager(connection);
for (const stream of ['KV_lethe-servers', 'KV_lethe-callers']) {
  const isDeleted = await streams.delete(stream).catch(() => false);
  console.log(`${stream}: ${isDeleted ? 'deleted' : 'is not there'}`);
}
await connection.close();
