import { randomUUID } from 'node:crypto';
import type { EventId, EventStore, JSONRPCMessage, StreamId } from '@modelcontextprotocol/server';

interface StoredEvent {
  id: EventId;
  stream: StreamId;
  message: JSONRPCMessage;
}

/** What streams of one session sent, in order, so that each can be resumed; a replay never crosses streams. */
export class MemoryEventStore implements EventStore {
  private readonly events: StoredEvent[] = [];

  async storeEvent(stream: StreamId, message: JSONRPCMessage): Promise<EventId> {
    const id = randomUUID();
    this.events.push({ id, stream, message });
    return id;
  }

  async getStreamIdForEventId(id: EventId): Promise<StreamId | undefined> {
    return this.events.find((event) => event.id === id)?.stream;
  }

  async replayEventsAfter(
    lastId: EventId,
    { send }: { send: (id: EventId, message: JSONRPCMessage) => Promise<void> },
  ): Promise<StreamId> {
    const at = this.events.findIndex(({ id }) => id === lastId);
    const last = this.events[at];
    if (last === undefined) throw new Error('no such event');
    const later = this.events.slice(at + 1).filter(({ stream }) => stream === last.stream);
    // A priming event is stored as an empty message: it has a place in the order, and nothing to tell.
    for (const { id, message } of later) if ('jsonrpc' in message) await send(id, message);
    return last.stream;
  }
}
