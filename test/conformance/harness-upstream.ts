import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../support/processes.js';
import { portOf } from '../support/upstreams/loopback-server.js';
import { bodyOf } from '../support/upstreams/pass-on.js';
import { type HarnessRun, runClientScenario } from './harness.js';
import type { Revision } from './requirement-sets.js';

/** What the harness tells a client: where its server listens, and for some scenarios what to send it. */
export interface Scene {
  url: string;
  context: Record<string, unknown>;
}

/**
 * Runs a client scenario. The harness starts a command as the client; that command only reports here, so that the client
 * is this process.
 */
export async function playClient(
  scenario: string,
  revision: Revision | undefined,
  act: (scene: Scene) => Promise<void>,
): Promise<HarnessRun> {
  let failure: Error | undefined;
  const control = createServer((request, response) => {
    const settle = async (): Promise<void> => {
      const body = await bodyOf(request);
      await act(JSON.parse(body.toString('utf8')) as Scene);
    };
    settle()
      .catch((thrown: unknown) => (failure = new Error('the client failed', { cause: thrown })))
      .finally(() => response.end());
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  try {
    const command = `"${process.execPath}" "${join(ROOT, 'test/conformance/report-scene.mjs')}" ${portOf(control)}`;
    const run = await runClientScenario(command, scenario, revision);
    if (failure) throw failure;
    return run;
  } finally {
    control.closeAllConnections();
    control.close();
  }
}
