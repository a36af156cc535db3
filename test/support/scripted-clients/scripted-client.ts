import type { Era } from '@lethe/contracts';
import { type Answer, ClientWire, type Refusal } from './client-wire.js';
import { LegacyRequests, type Opening } from './legacy-requests.js';
import { ModernRequests } from './modern-requests.js';
import { Numbering } from './numbering.js';
import type { NewSession, Probe, RecordedClient } from './recorded-client.js';

/** Asks as a recorded client does, request by request. Its person accepts every form. */
export class ScriptedClient {
  /** The response to its last `server/discover`. */
  discovered?: Answer;
  private readonly wire: ClientWire;
  private readonly numbers: Numbering;
  private readonly legacy: LegacyRequests;
  private readonly modern: ModernRequests;
  private era: Era = 'legacy';

  /**
   * @param credentials the headers of its configuration, by lower-case name
   * @param accepted the content of each form
   */
  constructor(
    private readonly client: RecordedClient,
    url: string,
    private readonly credentials: Record<string, string>,
    accepted: object,
  ) {
    this.wire = new ClientWire(client, url, credentials);
    this.numbers = new Numbering(client);
    this.legacy = new LegacyRequests(client, this.wire, this.numbers, accepted);
    this.modern = new ModernRequests(client, this.wire, this.numbers, accepted);
  }

  /** Its requests so far, such as `POST initialize 200`. */
  get sent(): readonly string[] {
    return this.wire.sent;
  }

  /** The responses with an HTTP status of an error so far. */
  get refusals(): readonly Refusal[] {
    return this.wire.refusals;
  }

  /** The version of its session. */
  get version(): string | undefined {
    return this.legacy.session?.version;
  }

  /** Undefined if it was not let in. */
  async connect(): Promise<Era | undefined> {
    const { attempts = 1 } = this.client;
    for (let n = 0; n < attempts; n++) {
      this.numbers.restart();
      if (await this.tryToConnect()) return this.era;
    }
    return undefined;
  }

  /** The names of all tools that it sees. */
  async listTools(): Promise<string[]> {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const { result } = await this.request('tools/list', cursor === undefined ? {} : { cursor });
      names.push(...(result?.tools ?? []).map(({ name }) => name));
      cursor = this.client.readsOnePage ? undefined : result?.nextCursor;
    } while (cursor !== undefined);
    return names;
  }

  /** Begins a new session if it lost its own, where the client does so. */
  async call(name: string, args: object = {}): Promise<Answer> {
    const params = { name, arguments: args };
    const id = this.numbers.nextId;
    let answer = await this.request('tools/call', params);
    if (answer.status === 404 && this.client.onLostSession) {
      await this.beginAnew(this.client.onLostSession, id);
      answer = await this.request('tools/call', params);
    }
    if (this.client.cancelsEndedCalls) {
      const reason = 'AbortError: The operation was aborted.';
      await this.legacy.notify('notifications/cancelled', { requestId: this.numbers.nextId - 1, reason });
    }
    return answer;
  }

  /** Ends as the client does, with or without DELETE. */
  async close(): Promise<void> {
    if (this.client.deletes) await this.legacy.deleteAll();
    this.wire.close();
  }

  private async tryToConnect(): Promise<boolean> {
    const { looksFirst = [], triesOutAs, whenUnauthorized, withoutKey = whenUnauthorized, firstId } = this.client;
    await this.probe(looksFirst);
    const tried = triesOutAs && { id: firstId, info: triesOutAs, capabilities: {} };
    if ((!tried || (await this.legacy.initialize(tried))) && (await this.begin())) return true;
    await this.probe('authorization' in this.credentials ? whenUnauthorized : withoutKey);
    return false;
  }

  private async begin(opening?: Opening): Promise<boolean> {
    const { begins, initializesWhenUnauthorized, triesStreamFirst, initializesWithVersion } = this.client;
    if (begins === 'server/discover') {
      this.discovered = await this.modern.discover();
      if (this.discovered.status === 200) {
        this.era = 'modern';
        return this.modern.listen();
      }
      if (this.discovered.status === 401 && !initializesWhenUnauthorized) return false;
    }
    if (triesStreamFirst) await this.wire.openStream({ 'mcp-protocol-version': initializesWithVersion ?? '' });
    return this.legacy.initialize(opening);
  }

  private async beginAnew(how: NewSession, idOfCall: number): Promise<void> {
    const version = how.sendsVersion && this.version;
    if (how.deletesLost) await this.legacy.deleteSession();
    for (let n = 0; n < (how.times ?? 1); n++) {
      if (how.ids === 'anew') this.numbers.restart();
      await this.begin({ id: how.initializeId, version });
    }
    if (how.ids === 'repeat') this.numbers.nextId = idOfCall;
    if (how.listsAgain) await this.listTools();
  }

  private request(method: string, params: Record<string, unknown>): Promise<Answer> {
    return this[this.era].request(method, params);
  }

  private async probe(probes: readonly Probe[]): Promise<void> {
    for (const probe of probes) await this.wire.probe(probe);
  }
}
