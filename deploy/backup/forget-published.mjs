// After an older backup was restored: deletes the published state, whose revisions are newer than those of the database,
// and what the registries remember of the database.
// The registries publish what the database has. NATS_URL is that of the operator (docs/operations/backup.md).
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

// Parsed without an exception, which would quote the password.
const urls = (process.env.NATS_URL ?? '').split(',').map((url) => URL.parse(url.trim()));
const [first] = urls;
if (!first || urls.includes(null)) {
  console.error('NATS_URL is needed: the address of NATS with the user operator');
  process.exit(1);
}

async function forget(manager, stream) {
  try {
    await manager.streams.delete(stream);
    return 'deleted';
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return 'is not there';
    throw error;
  }
}

const connection = await connect({
  servers: urls.map(({ host }) => host),
  user: decodeURIComponent(first.username),
  pass: decodeURIComponent(first.password),
  ...(first.protocol === 'tls:' && { tls: {} }),
});
try {
  const manager = await jetstreamManager(connection);
  for (const stream of ['KV_lethe-servers', 'KV_lethe-callers', 'KV_lethe-kept', 'KV_lethe-marks'])
    console.log(`${stream}: ${await forget(manager, stream)}`);
} catch (error) {
  console.error(`The published state was not deleted: ${error.message}`);
  process.exitCode = 1;
} finally {
  await connection.close();
}
