import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import type { McpServer } from '@modelcontextprotocol/server';
import type { Announcer } from './announcer.js';
import { MemoryEventStore } from './memory-event-store.js';
import { answerError } from './rpc-error.js';

interface LegacySession {
  transport: NodeStreamableHTTPServerTransport;
  server: McpServer;
  /** URIs that `resources/subscribe` named. */
  subscribed: Set<string>;
}

/** The legacy era of a fixture: one server per session, streams that can be resumed. */
export class LegacySessions implements Announcer {
  private readonly sessions = new Map<string, LegacySession>();

  constructor(private readonly makeServer: () => McpServer) {}

  async serve(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const id = request.headers['mcp-session-id'];
    if (typeof id === 'string') {
      const session = this.sessions.get(id);
      if (!session) return answerError(response, 404, { code: -32001, message: 'Session not found' });
      return session.transport.handleRequest(request, response, body);
    }
    if (!isInitialize(body)) {
      return answerError(response, 400, { code: -32000, message: 'Bad Request: Server not initialized' });
    }
    const { transport } = await this.open();
    return transport.handleRequest(request, response, body);
  }

  toolsChanged(): void {
    for (const { server } of this.sessions.values()) server.sendToolListChanged();
  }

  promptsChanged(): void {
    for (const { server } of this.sessions.values()) server.sendPromptListChanged();
  }

  resourceUpdated(uri: string): void {
    const watching = [...this.sessions.values()].filter(({ subscribed }) => subscribed.has(uri));
    for (const { server } of watching) void server.server.sendResourceUpdated({ uri });
  }

  async close(): Promise<void> {
    await Promise.all([...this.sessions.values()].map(({ transport }) => transport.close()));
  }

  private async open(): Promise<LegacySession> {
    const server = this.makeServer();
    const subscribed = new Set<string>();
    acceptSubscriptions(server, subscribed);
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new MemoryEventStore(),
      retryInterval: 50,
      onsessioninitialized: (id) => void this.sessions.set(id, session),
      onsessionclosed: (id) => void this.sessions.delete(id),
    });
    const session = { server, transport, subscribed };
    await server.connect(transport);
    return session;
  }
}

function acceptSubscriptions({ server }: McpServer, subscribed: Set<string>): void {
  server.setRequestHandler('resources/subscribe', ({ params }) => {
    subscribed.add(params.uri);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    subscribed.delete(params.uri);
    return {};
  });
}

function isInitialize(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'method' in body && body.method === 'initialize';
}
