import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../support/embedded.js';
import { startModernUpstream } from '../../support/upstreams/index.js';
import { checkGeneratedClient } from './generated-client.js';
import { runSchemathesis } from './schemathesis.js';

/** Further arguments go to schemathesis, for example `--seed=1 --max-examples=200`. */
const given = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'lethe-lab-openapi-'));
const upstream = await startModernUpstream({ name: 'lab' });
const lethe = await startEmbedded({ LETHE_LOG_LEVEL: 'error' });
try {
  console.log(await checkGeneratedClient(lethe, upstream.url, join(folder, 'client')));
  if (!(await runSchemathesis(lethe, join(folder, 'schemathesis'), given))) process.exitCode = 1;
} finally {
  await lethe.stop();
  await upstream.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
