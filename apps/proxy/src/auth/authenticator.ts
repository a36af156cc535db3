import { bearerToken } from '@lethe/mcp';
import { LetheError, nowSeconds } from '@lethe/platform';
import type { RequestHeaders } from '../http/request/request-headers.js';
import type { RouteTable } from '../routes/snapshot/route-table.js';
import type { CallerKeys } from './caller-keys.js';
import { callerRefusal, formProblem } from './caller-refusal.js';
import { resourceMetadataUrl } from './resource-metadata.js';
import type { TokenSubject, TokenVerifier } from './token-verifier.js';
import type { CallerEntry, JwtAccess } from '@lethe/contracts';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/**
 * Identifies callers according to the virtual server's access setting, by the `Authorization` header of the request.
 */
export class Authenticator {
  constructor(
    private readonly routes: RouteTable,
    private readonly keys: CallerKeys,
    private readonly tokens: TokenVerifier,
    private readonly publicUrl: string | undefined,
  ) {}

  /**
   * The caller, or a promise of it when the keys of a token's issuer may have to be fetched. A virtual server that does not
   * exist is like one whose keys the caller does not have, so that nobody without a key finds out which exist.
   * @throws LetheError `not_ready`, `caller_unknown`; `server_unknown` for a caller with any valid key; `server_disabled` for a
   * caller who may call it otherwise
   */
  identify({ slug, headers }: { slug: string; headers: RequestHeaders }): Caller | Promise<Caller> {
    if (!this.routes.isReady) throw new LetheError('not_ready');
    const manifest = this.routes.manifest(slug);
    const access = manifest?.access ?? 'key';
    if (access === 'open') return Caller.open(this.served(slug));
    if (typeof access === 'object') return this.ofToken(slug, access, headers);
    const authorization = headers.get('authorization');
    const key = bearerToken(authorization);
    const entry = key === undefined ? 'key_unknown' : this.keys.verify(key, manifest?.id, nowSeconds());
    if (typeof entry === 'object') return Caller.ofKey(this.served(slug), entry);
    if (!manifest && entry === 'key_of_another_server') throw new LetheError('server_unknown');
    const { why, notation } = formProblem(authorization, 'key') ?? { why: entry };
    throw callerRefusal(why, { notation });
  }

  private async ofToken(slug: string, access: JwtAccess, headers: RequestHeaders): Promise<Caller> {
    const authorization = headers.get('authorization');
    const token = bearerToken(authorization);
    const claims = token === undefined ? 'token_malformed' : await this.tokens.verify(token, access, new Date());
    if (typeof claims === 'object') return Caller.ofToken(this.served(slug), claims);
    const { why, notation } = formProblem(authorization, 'token') ?? { why: claims };
    const base = this.publicUrl ?? `http://${headers.get('host') ?? ''}`;
    throw callerRefusal(why, { notation, resourceMetadata: resourceMetadataUrl(base, slug) });
  }

  /** Compiled only for callers that may use it: otherwise its first use would take longer than that of an unknown one. */
  private served(slug: string): VirtualServer {
    const server = this.routes.server(slug);
    if (!server) throw new LetheError('server_unknown');
    if (server.manifest.enabled === false) throw new LetheError('server_disabled');
    return server;
  }
}

/** An identified caller of one virtual server. Every later step needs one. */
export class Caller {
  private constructor(
    /** `key:<id>`, `jwt:<iss>#<sub>`, or `open`. */
    readonly id: string,
    /** The virtual server as this caller sees it: what its roles do not allow is not in it. */
    readonly server: VirtualServer,
    /** False for `open`: anyone may call. */
    readonly isIdentified: boolean,
    /** Of the caller's key, if it has one. */
    readonly keyId?: string,
  ) {}

  /** Returns the same object for the same virtual server, so that data about a caller can be cached by it. */
  static open(server: VirtualServer): Caller {
    return cached(OPEN, server, server, () => new Caller('open', server.seenBy([]), false));
  }

  /** Returns the same object for the same key and virtual server, until either of them changes. */
  static ofKey(server: VirtualServer, entry: CallerEntry): Caller {
    return cached(BY_KEY, entry, server, () => {
      const { keyId, roles = [] } = entry;
      return new Caller(`key:${keyId}`, server.seenBy(roles), true, keyId);
    });
  }

  static ofToken(server: VirtualServer, { iss, sub, roles }: TokenSubject): Caller {
    return new Caller(`jwt:${iss}#${sub}`, server.seenBy(roles), true);
  }
}

/** By the key's entry, or for open servers by the server itself; then by the server. */
type CallerCache = WeakMap<object, WeakMap<VirtualServer, Caller>>;
const OPEN: CallerCache = new WeakMap();
const BY_KEY: CallerCache = new WeakMap();

function cached(callers: CallerCache, key: object, server: VirtualServer, create: () => Caller): Caller {
  const byServer = callers.get(key);
  const known = byServer?.get(server);
  if (known) return known;
  const caller = create();
  if (byServer) byServer.set(server, caller);
  else callers.set(key, new WeakMap([[server, caller]]));
  return caller;
}
