import type { Credential, JsonObject } from '@lethe/contracts';
import { type Identity, sealCredential, sealKept, verifyKeptOffer, verifySlotOffer } from '@lethe/sealing';

/** A verification as `GET /v1/gateways/{id}/verifications/{vid}` shows it. */
export interface VerificationView {
  id: string;
  gatewayId: string;
  attempt: number;
  state: 'awaiting_credential' | 'running' | 'verified' | 'failed' | 'lost' | 'expired' | 'cancelled';
  deadline: string;
  finishedAt?: string;
  code?: string;
  httpStatus?: number;
  requests?: number;
  era?: string;
  counts?: { tools: number; resources: number; resourceTemplates: number; prompts: number; skipped: number };
  diff?: { added: object[]; changed: object[]; removed: object[] };
  receipt?: string;
  slot?: { offer: string; doorUrl: string | null };
}

interface KeptCredentialView {
  next: { offer: string; fingerprint: string; registry: Identity[] } | null;
}

export interface Answer<T> {
  status: number;
  body: T;
  headers: Headers;
}

/** The admin API as a person's client uses it: registers, seals locally, awaits. */
export class Admin {
  constructor(
    readonly url: string,
    readonly token: string,
  ) {}

  async request<T = JsonObject>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const isText = typeof body === 'string';
    const response = await fetch(`${this.url}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': isText ? 'application/jose' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = (text === '' ? undefined : JSON.parse(text)) as T;
    return { status: response.status, body: parsed, headers: response.headers } satisfies Answer<T>;
  }

  /** As `request`, and fails unless the answer is a 2xx. */
  async ask<T = JsonObject>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await this.request<T>(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  createGateway(
    gateway: { name: string; url: string } & Record<string, unknown>,
  ): Promise<{ id: string; slug: string }> {
    return this.ask('POST', '/gateways', gateway);
  }

  startVerification(gateway: string, body: object = {}): Promise<VerificationView> {
    return this.ask('POST', `/gateways/${gateway}/verifications`, body);
  }

  /** Seals for the offered slot, as the CLI does. */
  async seal(verification: VerificationView, credential: Credential): Promise<string> {
    const identities = await this.ask<{ items: Parameters<typeof verifySlotOffer>[1] }>('GET', '/connectors');
    const offer = await verifySlotOffer(
      verification.slot?.offer ?? '',
      identities.items,
      Math.floor(Date.now() / 1000),
    );
    return sealCredential(offer, credential);
  }

  putCredential(
    verification: VerificationView,
    sealed: string,
    headers: Record<string, string> = {},
  ): Promise<Answer<JsonObject>> {
    const path = `/gateways/${verification.gatewayId}/verifications/${verification.id}/credential`;
    return this.request('PUT', path, sealed, headers);
  }

  /** Seals for the proxies, as the CLI does. */
  async sealKept(gateway: string, credential: Credential, days?: number): Promise<string> {
    const { next } = await this.ask<KeptCredentialView>('GET', `/gateways/${gateway}/kept-credential`);
    const now = new Date();
    const offer = await verifyKeptOffer(next?.offer ?? '', next?.registry ?? [], now);
    return sealKept(offer, credential, { now, ...(days !== undefined && { days }) });
  }

  /** Keeps a credential for a gateway that was verified. */
  async keep(gateway: string, credential: Credential, days?: number): Promise<JsonObject> {
    const sealed = await this.sealKept(gateway, credential, days);
    return this.ask('PUT', `/gateways/${gateway}/kept-credential`, sealed);
  }

  /** The verification once it has ended. */
  async finished(gateway: string, vid: string, timeoutMs = 40_000): Promise<VerificationView> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const view = await this.ask<VerificationView>('GET', `/gateways/${gateway}/verifications/${vid}`, undefined, {
        prefer: 'wait=5',
      });
      if (view.state !== 'awaiting_credential' && view.state !== 'running') return view;
      if (Date.now() > deadline) throw new Error(`verification still ${view.state}`);
    }
  }

  /** Cancels what waits for a credential: an administrator may have three of those, until their slots end. */
  async cancelVerifications(): Promise<void> {
    const waiting = await this.ask<{ items: VerificationView[] }>('GET', '/verifications?state=awaiting_credential');
    for (const { id, gatewayId } of waiting.items) {
      await this.request('POST', `/gateways/${gatewayId}/verifications/${id}/cancel`);
    }
  }

  /** One whole verification with a credential. */
  async verify(gateway: string, credential: Credential): Promise<VerificationView> {
    const verification = await this.startVerification(gateway);
    const put = await this.putCredential(verification, await this.seal(verification, credential));
    if (put.status >= 300) throw new Error(`PUT credential: ${put.status} ${JSON.stringify(put.body)}`);
    return this.finished(gateway, verification.id);
  }

  /** Registers a gateway and verifies it with a bearer token. */
  async register(gateway: { name: string; url: string } & Record<string, unknown>, token: string) {
    const created = await this.createGateway(gateway);
    return { ...created, verification: await this.verify(created.id, { scheme: 'bearer', token }) };
  }

  /** A caller's key for these servers. */
  async callerKey(servers: string[] | '*' = '*'): Promise<string> {
    return (await this.ask<{ key: string }>('POST', '/keys', { name: 'a caller', servers })).key;
  }
}
