import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { ScriptedExchange } from '../scripted-upstream.js';
import { answer, type Answer, asksClient, FORM, said, type Visit } from './items.js';
import type { LegacyTransport, OfferedEra, RealServer } from './real-server.js';
import { refuse } from './refuse.js';
import { openEvents, sendMessage } from './results.js';
import { SessionStream } from './session-stream.js';

interface Session extends Visit {
  /** Writes to the stream that the client opened with GET, or remembers until it does. */
  stream: SessionStream;
  /** Requests of the server that wait for the client, by id. */
  waiting: Map<string, (result: JsonObject) => void>;
}

/** The legacy era of one fixture: its sessions, and how its transport answers. */
export class LegacySide {
  private readonly sessions = new Map<string, Session>();

  constructor(
    private readonly server: RealServer,
    private readonly offered: OfferedEra & LegacyTransport,
  ) {}

  serve(exchange: ScriptedExchange): void {
    const { request, response, message } = exchange;
    if (request.method === 'POST' && message.method === 'initialize') return this.initialize(exchange);
    const id = request.headers['mcp-session-id'];
    const session = this.sessionOf(typeof id === 'string' ? id : undefined);
    if (session === undefined) return this.refuseSession(exchange);
    if (request.method === 'GET') return session.stream.open(response, this.offered.results);
    if (request.method === 'DELETE') {
      this.sessions.delete(String(id));
      return void response.writeHead(200).end();
    }
    if (message.id === undefined || message.method === undefined) return deliver(session, exchange);
    const { method, params = {} } = message;
    if (asksClient(session, method, toJson(params)) && 'elicitation' in session.capabilities) {
      return this.ask(session, exchange);
    }
    this.send(exchange, answer(session, method, toJson(params)));
  }

  forgetSessions(): void {
    this.sessions.clear();
  }

  private initialize(exchange: ScriptedExchange): void {
    const params = toJson(exchange.message.params ?? {});
    const { sessions, protocolVersion: only, capabilities } = this.offered;
    const id = sessions === 'none' ? undefined : randomUUID();
    const declared = isObject(params['capabilities']) ? params['capabilities'] : {};
    if (id !== undefined) this.sessions.set(id, this.newSession(declared));
    const { name, version, instructions, identity } = this.server;
    const result = {
      protocolVersion: only ?? params['protocolVersion'] ?? null,
      capabilities,
      serverInfo: { name, version, ...identity },
      ...(instructions !== undefined && { instructions }),
    };
    this.send(exchange, { result }, id === undefined ? {} : { 'mcp-session-id': id });
  }

  /** A server that does not keep sessions makes one for each request. */
  private sessionOf(id: string | undefined): Session | undefined {
    const known = id === undefined ? undefined : this.sessions.get(id);
    return known ?? (this.offered.sessions === 'kept' ? undefined : this.newSession({}));
  }

  private newSession(capabilities: JsonObject): Session {
    return {
      server: this.server,
      offered: this.offered,
      era: 'legacy',
      capabilities,
      counted: 0,
      waiting: new Map(),
      stream: new SessionStream(),
    };
  }

  private refuseSession(exchange: ScriptedExchange): void {
    const { unknownId, withoutId } = this.offered;
    const isUnknown = exchange.request.headers['mcp-session-id'] !== undefined;
    refuse(exchange, (isUnknown ? unknownId : withoutId) ?? { status: 400, code: -32000 });
  }

  /** The answer comes with a POST of its own. */
  private ask(session: Session, { response, message }: ScriptedExchange): void {
    const write = openEvents(response, this.offered.results);
    const id = randomUUID();
    session.waiting.set(id, (result) => {
      write({ id: message.id, result: said(JSON.stringify(result)) });
      response.end();
    });
    const question = { id, method: 'elicitation/create', params: FORM };
    if (this.offered.asksOnSessionStream === true) session.stream.write(question);
    else write(question);
  }

  private send({ response, message }: ScriptedExchange, answered: Answer, headers: Record<string, string> = {}): void {
    sendMessage(response, this.offered.results, { id: message.id, ...answered }, headers);
  }
}

/** A notification, or the client's response to a request of the server. */
function deliver(session: Session, { message, response }: ScriptedExchange): void {
  const waits = session.waiting.get(String(message.id));
  if (waits && 'result' in message) waits(toJson(message.result));
  response.writeHead(202).end();
}

function toJson(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
