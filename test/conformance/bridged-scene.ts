import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLegacy, startModern } from '../support/bridge/bridge-process.js';
import { Browser } from '../support/login/browser.js';
import { signIn } from '../support/login/describe-logins.js';
import { startLethe } from '../support/login/started-lethe.js';
import { type SceneWorld, type ServedScene, serveScene } from './bridged-gateway.js';
import type { Scene } from './harness-upstream.js';
import { authorizationServerOf, DOCUMENT } from './person.js';
import type { Revision } from './requirement-sets.js';
import { Stopped } from './stopped.js';

const MOST_LOGINS = 3;

/** Where the person's client starts the bridge from. */
export interface BridgeWorld extends SceneWorld {
  /** The `lethe` command, compiled. */
  program: string;
}

/**
 * Plays a scene with the harness's server as the upstream of a gateway, and `lethe bridge` as the client of Lethe.
 * @throws Stopped where a verification or a login stops, which many scenes want
 */
export async function playBridged(
  world: BridgeWorld,
  scenario: string,
  revision: Revision,
  scene: Scene,
): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'lethe-scene-'));
  try {
    const served = await serveScene(world, scenario, scene, home);
    const person = new PersonAtBridge(served, scene, home);
    if (served.asksPeople) await person.logIn();
    await person.useTools(world.program, revision);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** A person whose client starts `lethe bridge`. */
class PersonAtBridge {
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    private readonly served: ServedScene,
    private readonly scene: Scene,
    private readonly home: string,
  ) {
    this.env = { PATH: process.env.PATH, HOME: home, LETHE_HOME: home, LETHE_KEY: served.key };
  }

  /** `lethe login`, for the scopes that the upstream wants and for these. @throws Stopped */
  async logIn(scope?: string): Promise<void> {
    const { url, context } = this.scene;
    const { client_id: id, client_secret: secret } = context;
    const own =
      typeof id === 'string' ? ['--client-id', id, '--issuer', (await authorizationServerOf(url)).issuer] : [];
    const client = [...own, ...(typeof secret === 'string' ? ['--credential-stdin'] : [])];
    const more = scope === undefined ? [] : ['--scope', scope];
    const flags = ['--upstream', url, '--client-metadata-url', DOCUMENT, '--store', 'file', ...client, ...more];
    const run = startLethe(['login', this.served.url, ...flags], this.env, this.home);
    if (typeof secret === 'string') run.stdin.end(`${secret}\n`);
    const { code, err } = await signIn(run, new Browser());
    if (code !== 0) throw new Stopped(err);
  }

  /** Lists and calls tools by one bridge, and logs in anew where the upstream wants more scopes. @throws Stopped */
  async useTools(program: string, revision: Revision): Promise<void> {
    const start = { program, url: this.served.url, env: this.env };
    const { client, close } = await (revision === '2025-11-25' ? startLegacy(start) : startModern(start));
    try {
      for (let logins = 1; ; logins += 1) {
        const [tool] = (await client.listTools()).tools;
        const { isError, _meta: meta } = await client.callTool({ name: tool?.name ?? '', arguments: {} });
        if (isError !== true) return;
        const told = JSON.stringify(meta ?? {});
        if (!this.served.asksPeople || logins === MOST_LOGINS) throw new Stopped(told);
        await this.logIn(/"scope":"([^"]+)"/.exec(told)?.[1]);
      }
    } finally {
      await close();
    }
  }
}
