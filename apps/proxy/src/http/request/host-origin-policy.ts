import { isIP } from 'node:net';
import { LetheError, type Settings } from '@lethe/platform';
import { absoluteForm } from './absolute-form.js';
import type { RequestHeaders } from './request-headers.js';

/** Longest body of a request. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Which `Host` and `Origin` headers are accepted. */
export interface HostOriginRules {
  /** `host[:port]` of the public URL. */
  publicHost: string | undefined;
  publicOrigin: string | undefined;
  /** The host that the proxy listens on, an IPv6 address in brackets. */
  boundHost: string;
  allowsLoopback: boolean;
  origins: ReadonlySet<string>;
}

const WILDCARDS = new Set(['0.0.0.0', '::', '']);
const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
const HOST = /^(?<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?<port>\d{1,5}))?$/;
const MAX_PORT = 65_535;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/**
 * Derives the rules from the settings. The console, which the registry serves, calls virtual servers.
 * @param pageOrigins further origins
 */
export function hostOriginRules(settings: Settings, pageOrigins: readonly string[] = []): HostOriginRules {
  const publicUrl = settings.publicUrl ? new URL(settings.publicUrl) : undefined;
  const console = settings.registryPublicUrl ? [new URL(settings.registryPublicUrl).origin] : [];
  const origins = settings.allowedOrigins.map((origin) => new URL(origin).origin);
  const bound = bracketed(settings.host);
  return {
    publicHost: publicUrl?.host,
    publicOrigin: publicUrl?.origin,
    boundHost: bound,
    allowsLoopback: WILDCARDS.has(settings.host) || LOOPBACK.test(bound),
    origins: new Set([...origins, ...console, ...pageOrigins]),
  };
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** Validates the `Host` and `Origin` headers of requests, against DNS rebinding and foreign pages. */
export class HostOriginPolicy {
  /** The last accepted Host. The next request nearly always has the same one. */
  private lastHost: string | undefined;

  constructor(private readonly rules: HostOriginRules) {}

  /**
   * Returns the Host, in lower case; that of the target if it is an absolute URL (RFC 9112, section 3.2.2).
   * @throws LetheError `request_malformed` without a Host; `host_forbidden`, which stops pages that rebind their own name to this address
   */
  checkHost(headers: RequestHeaders, target = '/'): string {
    const named = target.startsWith('/') ? undefined : absoluteForm(target)?.host;
    const host = named ?? headers.get('host')?.toLowerCase();
    if (host === undefined) throw new LetheError('request_malformed');
    if (host === this.lastHost) return host;
    if (!this.allowsHost(host)) throw new LetheError('host_forbidden');
    this.lastHost = host;
    return host;
  }

  /**
   * Returns the Origin of the web page that sent the request and may read the response; undefined if there is none.
   * @throws LetheError `origin_forbidden`
   */
  checkOrigin(headers: RequestHeaders, host: string): string | undefined {
    const origin = headers.get('origin');
    if (origin === undefined) return undefined;
    const { publicOrigin, origins } = this.rules;
    const isOwn = origin === `http://${host}` || origin === `https://${host}` || origin === publicOrigin;
    if (!isOwn && !origins.has(origin)) throw new LetheError('origin_forbidden');
    return origin;
  }

  private allowsHost(host: string): boolean {
    const { publicHost, boundHost, allowsLoopback } = this.rules;
    const { name, port } = HOST.exec(host)?.groups ?? {};
    if (name === undefined || Number(port ?? 0) > MAX_PORT) return false;
    return host === publicHost || name === boundHost || (allowsLoopback && LOOPBACK.test(name));
  }
}

/**
 * Checks the headers that describe the body.
 * @throws LetheError `unsupported_media_type`, `payload_too_large`
 */
export function checkContentType(headers: RequestHeaders): void {
  const coding = headers.get('content-encoding');
  const type = headers.get('content-type') ?? '';
  const isJson = type === 'application/json' || JSON_TYPE.test(type);
  if (!isJson || (coding !== undefined && coding !== 'identity')) throw new LetheError('unsupported_media_type');
  if (Number(headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw new LetheError('payload_too_large');
}
