// One of many processes of a person that use the same login at the same time. `go` on standard input starts it.
import { once } from 'node:events';
import { directFetch } from '../../../apps/cli/src/mcp/direct-fetch.js';
import { secureFetch } from '../../../apps/cli/src/oauth/secure-fetch.js';
import { refresh } from '../../../apps/cli/src/oauth/token-requests.js';
import type { TokenWish } from '../../../apps/cli/src/refresher/access-tokens.js';
import { SharedTokens } from '../../../apps/cli/src/refresher/shared-tokens.js';
import { digestOf } from '../../../apps/cli/src/refresher/token-digest.js';
import { openStore } from '../../../apps/cli/src/token-store/open-store.js';
import type { RefreshingTask } from './refreshing-task.js';

const task = JSON.parse(process.argv[2] ?? '') as RefreshingTask;
const { folder, wish, resource, rounds, own } = task;
const fetch = secureFetch(directFetch);
const errors: string[] = [];
const seen = new Set<string>();

async function shared(): Promise<void> {
  const tokens = new SharedTokens({ folder, openStore: () => openStore({ folder, keychainTimeoutMs: 1_000 }), fetch });
  let rejected: TokenWish['rejected'];
  for (let round = 0; round < rounds; round += 1) {
    const { accessToken } = await tokens.tokenFor({ ...wish, rejected });
    seen.add(accessToken);
    // As if the upstream took it no more.
    rejected = digestOf(accessToken);
  }
  await tokens.close();
}

/** What clients do that know nothing of each other. */
async function alone(): Promise<void> {
  const store = await openStore({ folder, keychainTimeoutMs: 1_000 });
  for (let round = 0; round < rounds; round += 1) {
    const login = (await store.read()).logins[resource];
    if (!login) return;
    const tokens = await refresh(login, login.tokens.refreshToken ?? '', fetch, Date.now());
    await store.change((current) => ({ ...current, logins: { ...current.logins, [resource]: { ...login, tokens } } }));
  }
}

/** Adds pins of its own, as logins of several terminals do. */
async function write(): Promise<void> {
  const store = await openStore({ folder, keychainTimeoutMs: 1_000 });
  for (let round = 0; round < rounds; round += 1) {
    await store.change((current) => ({
      ...current,
      pins: { ...current.pins, [`${process.pid} ${round}`]: { one: { resource, issuer: resource } } },
    }));
  }
}

process.stdout.write('ready\n');
await once(process.stdin, 'data');
const tasks = { shared, alone, write };
await tasks[own]().catch((error: unknown) => errors.push(String(error)));
process.stdout.write(`${JSON.stringify({ errors, seen: seen.size })}\n`);
process.exit(0);
