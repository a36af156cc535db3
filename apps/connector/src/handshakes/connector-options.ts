import type { Settings } from '@lethe/platform';
import type { UpstreamPolicy } from '@lethe/mcp';

/** Injection token of `ConnectorOptions`. */
export const CONNECTOR_OPTIONS = Symbol('CONNECTOR_OPTIONS');

/** What the connector's parts need of the settings. */
export interface ConnectorOptions {
  slots: number;
  slotTtlSeconds: number;
  handshakeTimeoutMs: number;
  policy: UpstreamPolicy;
  /** What one-shot processes run; the folder it is in holds nothing else. */
  childFile: string;
  /** Where the plaintext door listens; missing when it is closed. */
  door?: { host: string; port: number; publicUrl: string | undefined };
}

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
