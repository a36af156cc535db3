import { join } from 'node:path';
import type { Credential } from '@lethe/contracts';
import { openStore } from '../../apps/cli/src/token-store/open-store.js';
import type { Admin } from '../support/admin.js';
import { servedBy } from '../support/calls.js';
import type { Embedded } from '../support/embedded.js';
import type { Proxies } from '../support/proxies.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import type { Scene } from './harness-upstream.js';
import { authorizationServerOf, Person } from './person.js';
import { Stopped } from './stopped.js';

/** The virtual server of a scene. */
export interface ServedScene {
  url: string;
  /** The caller's; undefined where anybody may call. */
  key?: string;
  /** Whether its callers bring tokens of their own. */
  asksPeople: boolean;
}

const MAPPINGS = [{ header: 'Authorization', scheme: 'bearer', required: true }];
/** The harness's servers take any token of this form, unless they want scopes. */
const ANY_TOKEN: Credential = { scheme: 'bearer', token: 'test-token-of-an-administrator' };
/** Their gateway can be registered only with a token that their authorization server gave. */
const WITH_OWN_TOKEN: ReadonlySet<string> = new Set([
  'auth/scope-from-www-authenticate',
  'auth/scope-step-up',
  'auth/scope-retry-limit',
  'auth/authorization-server-migration',
]);
/** No person takes part: Lethe gets the tokens, by a credential that is kept. */
const MACHINES: ReadonlySet<string> = new Set(['auth/client-credentials-basic', 'auth/client-credentials-jwt']);
/**
 * Their tokens are bound to a key. The process that verifies an upstream signs nothing, and the harness would count its requests
 * as the client's: so the gateway is published as if it had been verified.
 */
const BOUND: ReadonlySet<string> = new Set(['auth/dpop', 'auth/dpop-nonce']);
const BOUND_MAPPINGS = [{ header: 'Authorization', scheme: 'dpop' as const, required: true }, { header: 'DPoP', required: true }]; // prettier-ignore

/** What a scene's virtual server is served by. */
export interface SceneWorld {
  lethe: Embedded;
  /** Proxies alone, for what no registry has. */
  proxies: Proxies;
}

let registered = 0;

/**
 * Registers the harness's server as a gateway, and opens a virtual server over it.
 * @param home of the person, who also registers the gateway where that needs a token of theirs
 * @throws Stopped if it can't be verified
 */
export async function serveScene({ lethe, proxies }: SceneWorld, scenario: string, scene: Scene, home: string): Promise<ServedScene> {
  const { admin, proxyUrl } = lethe;
  const slug = `scene-${++registered}`;
  if (BOUND.has(scenario)) return serveBound(proxies, slug, scene);
  const { id } = await admin.createGateway({ name: slug, slug, url: scene.url, passthroughHeaders: MAPPINGS });
  const isKept = MACHINES.has(scenario);
  if (isKept) await keepForMachines(admin, id, scene);
  else if (WITH_OWN_TOKEN.has(scenario)) await verifyAsPerson(admin, id, scene, home);
  else await verify(admin, id, ANY_TOKEN);
  const own = isKept ? { grants: [{ role: '*', gateways: [slug] }], credentials: [{ gateway: slug, use: 'kept' }] } : {};
  await admin.ask('POST', '/servers', { name: slug, slug, include: [{ gateway: slug }], access: 'key', eras: 'both', ...own });
  const key = await admin.callerKey([slug]);
  await servedBy(proxyUrl, slug, key);
  return { url: `${proxyUrl}/servers/${slug}/mcp`, key, asksPeople: !isKept };
} // prettier-ignore

async function serveBound({ routes, url }: Proxies, slug: string, scene: Scene): Promise<ServedScene> {
  const items = [tool('test-tool')];
  await routes.publish({ slug, gateways: [{ slug, url: scene.url, items, facts: MODERN_FACTS, mappings: BOUND_MAPPINGS }] });
  await servedBy(url, slug);
  return { url: `${url}/servers/${slug}/mcp`, asksPeople: true };
} // prettier-ignore

/** The token of the person is given to the verification, too. */
async function verifyAsPerson(admin: Admin, id: string, scene: Scene, home: string): Promise<void> {
  const folder = join(home, '.config/lethe/logins');
  const person = new Person(scene, await openStore({ folder, kind: 'file', keychainTimeoutMs: 1_000 }));
  const once = async () => verify(admin, id, { scheme: 'bearer', token: await person.logIn() });
  // The upstream may have another authorization server by now.
  await once().catch((error: unknown) => {
    if (error instanceof Stopped && error.message === 'credential_rejected') return once();
    throw error;
  });
}

async function keepForMachines(admin: Admin, id: string, { url, context }: Scene): Promise<void> {
  const { client_id: clientId, client_secret: secret, private_key_pem: privateKey } = context;
  const { tokenUrl, issuer } = await authorizationServerOf(url);
  const proof = typeof secret === 'string' ? { clientSecret: secret } : { privateKey: String(privateKey), issuer };
  const credential: Credential = { scheme: 'oauth_client_credentials', tokenUrl, clientId: String(clientId), ...proof };
  await verify(admin, id, credential);
  await admin.keep(id, credential);
} // prettier-ignore

async function verify(admin: Admin, id: string, credential: Credential): Promise<void> {
  const { state, code } = await admin.verify(id, credential);
  if (state !== 'verified') throw new Stopped(String(code));
}
