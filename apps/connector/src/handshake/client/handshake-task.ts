import type { Transport } from '@lethe/contracts';
import type { UpstreamPolicy } from '@lethe/mcp';

/** What a handshake may do: request one URL, and the token endpoint that its credential names, within a time. */
export interface HandshakeTask {
  url: string;
  transport: Transport;
  policy: UpstreamPolicy;
  tlsCa?: string;
  timeoutMs: number;
}
