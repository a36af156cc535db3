import type { Settings } from '@lethe/platform';
import type { UpstreamPolicy } from '@lethe/mcp';

/** Injection token of `ConnectorOptions`. */
export const CONNECTOR_OPTIONS = Symbol('CONNECTOR_OPTIONS');

/** The settings that the connector's parts need. */
export interface ConnectorOptions {
  slots: number;
  slotTtlSeconds: number;
  handshakeTimeoutMs: number;
  policy: UpstreamPolicy;
  /** The entry file of one-shot processes. Its folder contains nothing else, because they may read all of it. */
  childFile: string;
  /** Where the plaintext door listens; missing if it is off. */
  door?: { host: string; port: number; publicUrl: string | undefined };
}

/** A process exits at its deadline. One that does not is killed after this. */
const OVERDUE_GRACE_MS = 500;

/** How long a handshake may take, until its process is killed. */
export function longestHandshakeMs({ handshakeTimeoutMs }: ConnectorOptions): number {
  return handshakeTimeoutMs + OVERDUE_GRACE_MS;
}

/** Selects the connector's options from the settings. */
export function connectorOptions(settings: Settings, childFile: string): ConnectorOptions {
  const { slots, slotTtlSeconds, handshakeTimeoutMs, host, doorPort, doorUrl } = settings;
  return {
    slots,
    slotTtlSeconds,
    handshakeTimeoutMs,
    policy: { allowed: settings.allowedUpstreams },
    childFile,
    ...(settings.door ? { door: { host, port: doorPort, publicUrl: doorUrl } } : {}),
  };
}
