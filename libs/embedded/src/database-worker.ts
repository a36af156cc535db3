// Runs PostgreSQL (PGlite) behind a Unix socket, off the service's event loop. Imports packages only, so that
// Node.js can start it from the source as well as from the build: all its parts are in this one file.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

/** Limit of clients, far above the size of the driver's pool. */
const MAX_CONNECTIONS = 40;

/** Longest packet before the session, as in PostgreSQL. */
const MAX_STARTUP_BYTES = 10_000;

/** What a client may ask for before its session: https://www.postgresql.org/docs/18/protocol-message-formats.html */
const CANCEL_REQUEST = 80_877_102;
const ENCRYPTION_REQUESTS = [80_877_103, 80_877_104];

/** Types of a session's messages. PGlite never ends when it gets another one. */
const SESSION_TYPES = Buffer.from('BCDEFHPQSXcdf', 'latin1');
const TERMINATE = 'X'.charCodeAt(0);

/** End of a response after which the backend waits for a query, and no transaction is open: ReadyForQuery, `I`. */
const READY_AND_IDLE = Buffer.from('Z\0\0\0\x05I', 'latin1');

/** Sync and a query: end an extended query that is not complete, and a transaction that is open. */
const FAREWELL = Buffer.from('S\0\0\0\x04Q\0\0\0\x0drollback\0', 'latin1');

/** Makes whole messages of a client's bytes. */
class MessageReader {
  /** Messages before the session have no type. */
  private typeBytes = 0;
  private chunks: Buffer[] = [];
  private size = 0;

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
  }

  sessionStarts(): void {
    this.typeBytes = 1;
  }

  /**
   * The next message, when it is there as a whole.
   * @throws RangeError if the bytes are not of this protocol
   */
  next(): Buffer | undefined {
    const length = this.lengthOfNext();
    if (length === undefined || this.size < length) return undefined;
    const all = this.joined();
    this.chunks = [all.subarray(length)];
    this.size -= length;
    return all.subarray(0, length);
  }

  private lengthOfNext(): number | undefined {
    const headBytes = this.typeBytes + 4;
    if (this.size < headBytes) return undefined;
    // A large message comes in many chunks, which are joined only when it is whole.
    const first = this.chunks[0];
    const head = first !== undefined && first.length >= headBytes ? first : this.joined();
    const length = head.readInt32BE(this.typeBytes);
    const isInSession = this.typeBytes > 0 && length >= 4 && SESSION_TYPES.includes(head.readUInt8());
    const isBefore = this.typeBytes === 0 && length >= 8 && length <= MAX_STARTUP_BYTES;
    if (!isInSession && !isBefore) throw new RangeError('Not a message of the PostgreSQL protocol');
    return this.typeBytes + length;
  }

  private joined(): Buffer {
    const all = Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }
}

/** One connection. */
class Client {
  /** Messages that the backend has not seen. */
  messages: Buffer[] = [];
  isGone = false;
  readonly socket: Socket;
  private readonly reader = new MessageReader();
  private hasSession = false;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  /** @throws RangeError like the reader */
  receive(chunk: Buffer): void {
    if (this.isGone) return;
    this.reader.add(chunk);
    for (let message = this.reader.next(); message; message = this.reader.next()) {
      if (this.hasSession) this.messages.push(message);
      else this.receiveFirst(message);
    }
  }

  /** Nothing here waits for the backend: who asks to cancel may be who has it. */
  private receiveFirst(message: Buffer): void {
    const code = message.readInt32BE(4);
    if (ENCRYPTION_REQUESTS.includes(code)) {
      this.socket.write('N');
    } else if (code === CANCEL_REQUEST) {
      // No statement can be cancelled: while one runs, nothing is read.
      this.socket.end();
    } else {
      this.hasSession = true;
      this.reader.sessionStarts();
      this.messages.push(message);
    }
  }
}

/**
 * Lends the only backend to one client at a time, until it is ready for the next query and no transaction is open. A message of
 * another client in between would replace the unnamed statement, be ignored after an error, or be part of the transaction.
 */
class BackendLoan {
  private readonly db: PGlite;
  private holder: Client | undefined;
  private isIdle = true;
  /** Clients that have messages; who has waited longest is first. */
  private readonly waiting = new Set<Client>();
  private isServing = false;

  constructor(db: PGlite) {
    this.db = db;
  }

  /** Gives the client's messages to the backend when it is their turn. */
  serve(client: Client): void {
    if (client.messages.length === 0) return;
    this.waiting.add(client);
    if (!this.isServing) void this.serveAll();
  }

  /** Undoes what the client has begun and drops what it has not begun. */
  leave(client: Client): void {
    if (client.isGone) return;
    client.isGone = true;
    client.messages = this.holder === client ? [FAREWELL] : [];
    this.waiting.delete(client);
    this.serve(client);
  }

  private async serveAll(): Promise<void> {
    this.isServing = true;
    for (let client = this.next(); client; client = this.next()) {
      this.holder = client;
      // One write for the responses to all messages of a query.
      client.socket.cork();
      await this.serveHolder(client);
      client.socket.uncork();
      if (this.isIdle) this.holder = undefined;
      if (client.messages.length > 0) this.waiting.add(client);
    }
    this.isServing = false;
  }

  private next(): Client | undefined {
    const [first] = this.waiting;
    const client = this.holder ?? first;
    return client && this.waiting.delete(client) ? client : undefined;
  }

  private async serveHolder(client: Client): Promise<void> {
    for (let message = client.messages.shift(); message; message = client.messages.shift()) {
      if (message[0] === TERMINATE) {
        client.socket.end();
        this.leave(client);
        continue;
      }
      await this.execute(message, client.socket);
      if (this.isIdle) return;
    }
  }

  private async execute(message: Buffer, socket: Socket): Promise<void> {
    let end = Buffer.alloc(0);
    const onRawData = (bytes: Uint8Array) => {
      // A copy, as the bytes are the backend's memory.
      const response = Buffer.from(bytes);
      if (socket.writable) socket.write(response);
      end = Buffer.concat([end, response.subarray(-READY_AND_IDLE.length)]).subarray(-READY_AND_IDLE.length);
    };
    try {
      await this.db.execProtocolRawStream(message, { onRawData });
      this.isIdle = end.equals(READY_AND_IDLE);
    } catch {
      // A startup packet that PostgreSQL refuses, or the database was closed.
      socket.destroy();
    }
  }
}

function connectTo(loan: BackendLoan, socket: Socket): void {
  const client = new Client(socket);
  socket.on('data', (chunk: Buffer) => {
    try {
      client.receive(chunk);
      loan.serve(client);
    } catch {
      socket.destroy();
    }
  });
  // The connection's end follows an error.
  socket.on('error', () => undefined);
  socket.on('close', () => loan.leave(client));
}

async function serve({ dataDir, path, settings }: Task): Promise<void> {
  const startParams = [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ['-c', setting])];
  const db = await PGlite.create(dataDir, { startParams });
  const loan = new BackendLoan(db);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    connectTo(loan, socket);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await once(server.listen(path), 'listening');
  parentPort?.once('message', () => {
    const closed = once(server.close(), 'close');
    for (const socket of sockets) socket.destroy();
    void closed.then(() => db.close()).finally(() => parentPort?.postMessage({ closed: true }));
  });
  parentPort?.postMessage({ ready: true });
}

const given: unknown = workerData;
if (isTask(given)) await serve(given);

interface Task {
  dataDir: string;
  /** Of the socket. */
  path: string;
  /** Of PostgreSQL: `name=value`. */
  settings: string[];
}

function isTask(value: unknown): value is Task {
  if (value === null || typeof value !== 'object') return false;
  if (!('dataDir' in value) || !('path' in value) || !('settings' in value)) return false;
  return typeof value.dataDir === 'string' && typeof value.path === 'string' && Array.isArray(value.settings);
}
