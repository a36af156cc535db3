import { type Answer, type ClientWire, finalOf, messagesOf } from './client-wire.js';
import type { Numbering } from './numbering.js';
import type { RecordedClient } from './recorded-client.js';

const VERSION = '2026-07-28';
const META = 'io.modelcontextprotocol';

type Params = Record<string, unknown>;

/** What a recorded client sends in the modern era. */
export class ModernRequests {
  constructor(
    private readonly client: RecordedClient,
    private readonly wire: ClientWire,
    private readonly numbers: Numbering,
    private readonly accepted: object,
  ) {}

  async discover(): Promise<Answer> {
    const method = 'server/discover';
    const id = this.client.probeId ?? this.numbers.nextId++;
    const response = await this.wire.post({ id, method, params: { _meta: this.envelope() } }, headersOf(method));
    return finalOf(response, id);
  }

  /** Waits for the acknowledgement; the stream stays open. */
  async listen(): Promise<boolean> {
    const { listens } = this.client;
    if (listens === undefined) return true;
    const method = 'subscriptions/listen';
    const next = listens === true ? this.numbers.nextId++ : undefined;
    const more = next === undefined ? undefined : this.numbers.metaOf('modern', method, next);
    const params = { notifications: { toolsListChanged: true }, _meta: { ...this.envelope(), ...more } };
    const response = await this.wire.post({ id: next ?? String(listens), method, params }, headersOf(method));
    const { value } = await messagesOf(response).next();
    return value?.method === 'notifications/subscriptions/acknowledged';
  }

  /** Repeats the request with the answers to what it is asked. */
  async request(method: string, params: Params): Promise<Answer> {
    const id = this.numbers.nextId++;
    const _meta = { ...this.envelope(), ...this.numbers.metaOf('modern', method, id) };
    const response = await this.wire.post({ id, method, params: { ...params, _meta } }, headersOf(method, params));
    const answer = await finalOf(response, id);
    const { resultType, inputRequests, requestState } = answer.result ?? {};
    if (resultType !== 'input_required') return answer;
    const given = { action: 'accept', content: this.accepted };
    const inputResponses = Object.fromEntries(Object.keys(Object(inputRequests)).map((key) => [key, given]));
    return this.request(method, { ...params, inputResponses, requestState });
  }

  private envelope(): Params {
    const { info, capabilities } = this.client;
    return {
      [`${META}/protocolVersion`]: VERSION,
      [`${META}/clientInfo`]: info,
      [`${META}/clientCapabilities`]: capabilities,
    };
  }
}

function headersOf(method: string, { name }: Params = {}): Record<string, string> {
  const headers = { 'mcp-protocol-version': VERSION, 'mcp-method': method };
  return typeof name === 'string' ? { ...headers, 'mcp-name': name } : headers;
}
