import type { Identity } from '@lethe/sealing';
import type { CatalogueCounts } from '@lethe/contracts';

/** A gateway, with the fields that the demo reads. */
export interface Gateway {
  id: string;
  slug: string;
}
/** A verification, with the fields that the demo reads. */
export interface Verification {
  id: string;
  state: 'awaiting_credential' | 'running' | 'verified' | 'failed' | 'lost' | 'expired' | 'cancelled';
  code?: string;
  counts?: CatalogueCounts;
  slot?: { offer: string };
  receipt?: string;
}
/** A virtual server, with the fields that the demo reads. */
export interface VirtualServer {
  id: string;
  path: string;
}

const WAIT_SECONDS = 20;

/**
 * The parts of the registry's REST API that the demo uses.
 * @throws Error from all methods, with the problem code, for a response that is not 2xx
 */
export class RegistryClient {
  constructor(
    private readonly url: string,
    private readonly adminToken: string,
  ) {}

  createGateway(gateway: object): Promise<Gateway> {
    return this.request('POST', '/gateways', gateway);
  }

  startVerification(gateway: Gateway): Promise<Verification> {
    return this.request('POST', `/gateways/${gateway.id}/verifications`, {});
  }

  async connectorIdentities(): Promise<Identity[]> {
    return (await this.request<{ items: Identity[] }>('GET', '/connectors')).items;
  }

  async putCredential(gateway: Gateway, verification: Verification, sealed: string): Promise<void> {
    await this.request('PUT', `/gateways/${gateway.id}/verifications/${verification.id}/credential`, sealed);
  }

  /** The verification when it has ended, or its state after 20 s. */
  finishedVerification(gateway: Gateway, { id }: Verification): Promise<Verification> {
    return this.request('GET', `/gateways/${gateway.id}/verifications/${id}`, undefined, {
      prefer: `wait=${WAIT_SECONDS}`,
    });
  }

  createServer(server: object): Promise<VirtualServer> {
    return this.request('POST', '/servers', server);
  }

  async createKey(name: string, server: VirtualServer): Promise<string> {
    return (await this.request<{ key: string }>('POST', '/keys', { name, servers: [server.id] })).key;
  }

  private async request<T>(method: string, path: string, body?: object | string, headers = {}): Promise<T> {
    const isSealed = typeof body === 'string';
    const response = await fetch(`${this.url}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.adminToken}`,
        ...(body !== undefined && { 'content-type': isSealed ? 'application/jose' : 'application/json' }),
        ...headers,
      },
      body: isSealed ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  }
}
