import { createServer, type Server, type Socket } from 'node:net';
import { LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CONNECTOR_OPTIONS, type ConnectorOptions } from '../handshakes/connector-options.js';
import { HandshakesService } from '../handshakes/handshakes.service.js';
import { hashOfSlot } from '../slots/reserved-slots.js';
import { SlotsService } from '../handshakes/slots.service.js';
import { DoorAddressService } from './door-address.service.js';
import { problemResponse } from '../processes/door-response.js';
import { DoorProcess } from './door-process.js';
import type { ClaimableSlot } from '../processes/messages.js';

const MAX_AT_ONCE = 8;
/**
 * How long a rejected client may read its response. Closing at once, with its bytes unread, would reset the connection.
 */
const BUSY_LINGER_MS = 1_000;

/**
 * The plaintext door, for people who have only curl. This process reads no byte of a connection: it passes each one,
 * unread, to a one-shot process, which claims the slot that the request names.
 */
@Injectable()
export class DoorService {
  private readonly processes = new Set<DoorProcess>();
  private server: Server | undefined;

  constructor(
    @Inject(CONNECTOR_OPTIONS) private readonly options: ConnectorOptions,
    private readonly address: DoorAddressService,
    private readonly slots: SlotsService,
    private readonly handshakes: HandshakesService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  get pids(): number[] {
    return [...this.processes].flatMap(({ pid }) => pid ?? []);
  }

  async open(): Promise<void> {
    const { door } = this.options;
    if (door === undefined) return;
    const server = createServer({ pauseOnConnect: true }, (socket) => this.admit(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(door.port, door.host, () => resolve());
    });
    this.server = server;
    this.address.opened(this.port);
    this.log.info({ port: this.port, host: door.host }, 'The plaintext door is open');
  }

  /** Accepts no more connections. Accepted credentials finish their handshakes. */
  close(): void {
    this.address.closed();
    this.server?.close();
    for (const process of this.processes) if (!process.hasClaimed) process.kill();
  }

  private get port(): number {
    const address = this.server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  private admit(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.processes.size >= MAX_AT_ONCE) {
      // Nothing is read here, so the client's end of the connection would go unnoticed.
      socket.end(problemResponse('busy'));
      setTimeout(() => socket.destroy(), BUSY_LINGER_MS);
      return;
    }
    const process: DoorProcess = new DoorProcess(this.options.childFile, {
      serve: () => ({ socket, slots: this.claimableSlots(), hosts: this.address.hosts(this.port) }),
      claim: (hash) => this.claim(process, hash),
    });
    this.processes.add(process);
    void process.ended.then(() => {
      this.processes.delete(process);
      socket.destroy();
    });
  }

  private claim(process: DoorProcess, hash: string): boolean {
    const reserved = this.slots.reserved.findByHash(hash);
    if (reserved?.claim(new Date()) !== true) return false;
    this.handshakes.takeOver(reserved, process);
    return true;
  }

  private claimableSlots(): ClaimableSlot[] {
    const { policy, handshakeTimeoutMs: timeoutMs } = this.options;
    return this.slots.reserved
      .all()
      .filter((reserved) => reserved.isUnused)
      .map(({ slot, exp, order: { vid, url, transport, tlsCa } }) => ({
        hash: hashOfSlot(slot.id),
        exp,
        task: { vid, url, transport, policy, tlsCa, timeoutMs, hasCredential: true },
      }));
  }
}
