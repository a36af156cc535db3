import { join } from 'node:path';
import { CliError } from '../errors/cli.error.js';
import type { Fetch } from '../oauth/secure-fetch.js';
import { underLock } from '../token-store/file-lock.js';
import type { LoginStore } from '../token-store/login-store.js';
import { privateFolder } from '../token-store/private-folder.js';
import { type AccessToken, AccessTokens, type TokenWish } from './access-tokens.js';
import { connectTo, type SocketName, socketPath } from './private-socket.js';
import { RefresherClient, RefresherGone } from './refresher-client.js';
import { RefresherServer } from './refresher-server.js';

const LOCK_TIMEOUT_MS = 10_000;
/** How often a refresher may end while it is asked, before this is no accident. */
const MOST_TRIES = 20;

/** What is needed to become the refresher. */
export interface SharedTokensOptions {
  folder: string;
  /** Called once, and only if this process becomes the refresher: it may ask for the keychain. */
  openStore: () => Promise<LoginStore>;
  fetch: Fetch;
}

type Source = { server: RefresherServer; tokens: AccessTokens } | { client: RefresherClient };

/**
 * The access tokens of this person, from the one process that refreshes them: another one that does so, or else this one. Those
 * in the memory of a command come first: whoever started it wants them.
 */
export class SharedTokens {
  private source: Promise<Source> | undefined;

  constructor(private readonly options: SharedTokensOptions) {}

  /** @throws CliError as `AccessTokens.tokenFor` */
  async tokenFor(wish: TokenWish): Promise<AccessToken> {
    return (await this.fromMemory(wish)) ?? this.fromRefresher(wish);
  }

  /** Of a command that keeps logins in its memory, if there is one that has this. */
  private async fromMemory(wish: TokenWish): Promise<AccessToken | undefined> {
    const client = await this.clientOf('memory');
    try {
      return await client?.tokenFor(wish);
    } catch (error) {
      const hasNone = error instanceof CliError && error.code === 'not_logged_in';
      if (hasNone || error instanceof RefresherGone) return undefined;
      throw error;
    } finally {
      client?.close();
    }
  }

  private async fromRefresher(wish: TokenWish): Promise<AccessToken> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const opened = (this.source ??= this.open());
      try {
        const source = await opened;
        return await ('client' in source ? source.client : source.tokens).tokenFor(wish);
      } catch (error) {
        if (this.source === opened && !(await isServing(opened))) this.source = undefined;
        if (!(error instanceof RefresherGone)) throw error;
      }
    }
    throw new CliError('unexpected', 'refresher_gone', 'The processes that refresh logins end before they answer');
  }

  /** Ends what this process answers to others, after what it is doing. */
  async close(): Promise<void> {
    const source = await this.source?.catch(() => undefined);
    if (!source) return;
    if ('client' in source) source.client.close();
    else await source.server.close();
  }

  private async open(): Promise<Source> {
    const client = await this.clientOf('refresher');
    return client ? { client } : this.become();
  }

  private async clientOf(name: SocketName): Promise<RefresherClient | undefined> {
    const socket = await connectTo(await socketPath(this.options.folder, name));
    return socket && new RefresherClient(socket);
  }

  private async become(): Promise<Source> {
    const { folder, openStore, fetch } = this.options;
    const tokens = new AccessTokens(await openStore(), fetch);
    const path = await socketPath(folder, 'refresher');
    const lock = join(await privateFolder(folder), 'refresher.lock');
    return underLock(lock, { timeoutMs: LOCK_TIMEOUT_MS }, async () => {
      const client = await this.clientOf('refresher');
      if (client) return { client };
      const server = await RefresherServer.listen(path, tokens);
      server.unref();
      return { server, tokens };
    });
  }
}

/**
 * Serves tokens that are nowhere but in this process, before those on disk.
 * @throws CliError `memory_taken`
 */
export async function serveMemory(folder: string, store: LoginStore, fetch: Fetch): Promise<RefresherServer> {
  const path = await socketPath(folder, 'memory');
  const lock = join(await privateFolder(folder), 'memory.lock');
  return underLock(lock, { timeoutMs: LOCK_TIMEOUT_MS }, async () => {
    const other = await connectTo(path);
    other?.destroy();
    if (!other) return RefresherServer.listen(path, new AccessTokens(store, fetch));
    throw new CliError('usage', 'memory_taken', 'Another lethe login --store memory is running; end it first');
  });
}

async function isServing(opened: Promise<Source>): Promise<boolean> {
  const source = await opened.catch(() => undefined);
  return source !== undefined && (!('client' in source) || !source.client.isGone);
}
