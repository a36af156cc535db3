import { type Answer, type ClientWire, finalOf, type Message } from './client-wire.js';
import type { Numbering } from './numbering.js';
import type { RecordedClient } from './recorded-client.js';

interface Session {
  id: string;
  version: string;
}

/** How an `initialize` departs from the client's first one of its own. */
export interface Opening {
  id?: string | number;
  info?: object;
  capabilities?: object;
  /** In the header. */
  version?: string;
}

/** What a recorded client sends in the legacy era. */
export class LegacyRequests {
  session?: Session;
  private readonly undeleted = new Set<Session>();

  constructor(
    private readonly client: RecordedClient,
    private readonly wire: ClientWire,
    private readonly numbers: Numbering,
    private readonly accepted: object,
  ) {}

  /** `initialize`, `notifications/initialized` and the GET stream, in the client's order; whether it has a session then. */
  async initialize(opening: Opening = {}): Promise<boolean> {
    const { offers, stream, initializesWithVersion } = this.client;
    const { id = this.numbers.nextId++, version = initializesWithVersion } = opening;
    const { info: clientInfo, capabilities } = { ...this.client, ...opening };
    const method = 'initialize';
    const params = { protocolVersion: offers, capabilities, clientInfo };
    const response = await this.wire.post({ id, method, params }, { ...versioned(version), ...this.mirrored(method) });
    const { result } = await finalOf(response, id);
    if (result === undefined) return false;
    const sessionId = response.headers.get('mcp-session-id') ?? '';
    this.session = { id: sessionId, version: String(result['protocolVersion']) };
    this.undeleted.add(this.session);
    if (stream === 'before initialized') await this.wire.openStream(this.headers());
    await this.notify('notifications/initialized');
    if (stream === 'after initialized') await this.wire.openStream(this.headers());
    return true;
  }

  /** Answers what it is asked meanwhile. */
  async request(method: string, params: Record<string, unknown>): Promise<Answer> {
    const id = this.numbers.nextId++;
    const _meta = this.numbers.metaOf('legacy', method, id);
    const all = { ...params, ...(_meta && { _meta }) };
    const isBare = Object.keys(all).length === 0 && !this.client.sendsEmptyParams;
    const message: Message = { id, method, ...(!isBare && { params: all }) };
    const response = await this.wire.post(message, { ...this.headers(), ...this.mirrored(method, params['name']) });
    const result = { action: 'accept', content: this.accepted };
    return finalOf(response, id, async (asked) => {
      await this.wire.post({ id: asked, result }, this.headers());
    });
  }

  async notify(method: string, params?: Record<string, unknown>): Promise<void> {
    await this.wire.post({ method, params }, { ...this.headers(), ...this.mirrored(method) });
  }

  async deleteSession(session = this.session): Promise<void> {
    if (!session) return;
    await this.wire.delete(this.headers(session));
    this.undeleted.delete(session);
  }

  async deleteAll(): Promise<void> {
    for (const session of this.undeleted) await this.deleteSession(session);
  }

  private headers(session = this.session): Record<string, string> {
    if (!session) return {};
    return { 'mcp-session-id': session.id, ...(this.client.sendsVersion && versioned(session.version)) };
  }

  private mirrored(method: string, name?: unknown): Record<string, string> {
    if (!this.client.mirrorsInLegacy) return {};
    return { 'mcp-method': method, ...(typeof name === 'string' && { 'mcp-name': name }) };
  }
}

function versioned(version: string | undefined): Record<string, string> {
  return version === undefined ? {} : { 'mcp-protocol-version': version };
}
