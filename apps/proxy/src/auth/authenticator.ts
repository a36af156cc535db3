import { LetheError, nowSeconds } from '@lethe/platform';
import type { RequestHeaders } from '../http/request/request-headers.js';
import type { RouteTable } from '../routes/snapshot/route-table.js';
import type { CallerKeys } from './caller-keys.js';
import { resourceMetadataUrl } from './resource-metadata.js';
import type { TokenAccess, TokenVerifier } from './token-verifier.js';
import type { CallerEntry } from '@lethe/contracts';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** RFC 6750, section 2.1; the scheme's name is case-insensitive (RFC 9110, section 11.1). */
const SCHEME = 'bearer ';

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
   * The caller, or a promise of it when the keys of a token's issuer may have to be fetched.
   * @throws LetheError `not_ready`, `server_unknown`, `caller_unknown`, `server_disabled`
   */
  identify({ slug, headers }: { slug: string; headers: RequestHeaders }): Caller | Promise<Caller> {
    if (!this.routes.isReady) throw new LetheError('not_ready');
    const server = this.routes.server(slug);
    if (!server) throw new LetheError('server_unknown');
    const { access } = server.manifest;
    if (access === 'open') return Caller.open(server);
    const credentials = headers.get('authorization') ?? '';
    if (credentials.slice(0, SCHEME.length).toLowerCase() !== SCHEME) throw this.unknown(server, headers);
    const presented = credentials.slice(SCHEME.length);
    if (presented === '' || presented.includes(' ')) throw this.unknown(server, headers);
    if (typeof access === 'object') return this.ofToken(server, access, presented, headers);
    const caller = this.ofKey(server, presented);
    if (!caller) throw this.unknown(server, headers);
    return caller;
  }

  private async ofToken(
    server: VirtualServer,
    access: TokenAccess,
    presented: string,
    headers: RequestHeaders,
  ): Promise<Caller> {
    const claims = await this.tokens.verify(presented, access, new Date());
    if (!claims) throw this.unknown(server, headers);
    return Caller.ofToken(server, claims);
  }

  private ofKey(server: VirtualServer, presented: string): Caller | undefined {
    const entry = this.keys.verify(presented, server.id, nowSeconds());
    return entry && Caller.ofKey(server, entry);
  }

  private unknown(server: VirtualServer, headers: RequestHeaders): LetheError {
    const isToken = typeof server.manifest.access === 'object';
    const base = this.publicUrl ?? `http://${headers.get('host') ?? ''}`;
    return new LetheError(
      'caller_unknown',
      isToken ? { resourceMetadata: resourceMetadataUrl(base, server.manifest.slug) } : {},
    );
  }
}

/** An identified caller of one virtual server. Every later step needs one. */
export class Caller {
  private constructor(
    /** `key:<id>`, `jwt:<iss>#<sub>`, or `open`. */
    readonly id: string,
    readonly server: VirtualServer,
    /** False for `open`: anyone may call. */
    readonly isIdentified: boolean,
  ) {
    // Here, so that only those who may call the server are told that it is switched off.
    if (server.manifest.enabled === false) throw new LetheError('server_disabled');
  }

  /** Returns the same object for the same virtual server, so that data about a caller can be cached by it. */
  static open(server: VirtualServer): Caller {
    return cached(OPEN, server, server, () => new Caller('open', server, false));
  }

  /** Returns the same object for the same key and virtual server, until either of them changes. */
  static ofKey(server: VirtualServer, entry: CallerEntry): Caller {
    return cached(BY_KEY, entry, server, () => new Caller(`key:${entry.keyId}`, server, true));
  }

  static ofToken(server: VirtualServer, claims: { iss: string; sub: string }): Caller {
    return new Caller(`jwt:${claims.iss}#${claims.sub}`, server, true);
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
