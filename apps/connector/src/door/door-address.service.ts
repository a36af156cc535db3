import { Inject, Injectable } from '@nestjs/common';
import { CONNECTOR_OPTIONS, type ConnectorOptions } from '../handshakes/connector-options.js';

/** The public address of the plaintext door, once it listens. */
@Injectable()
export class DoorAddressService {
  /** Without a trailing slash; missing while the door is closed. */
  url: string | undefined;

  constructor(@Inject(CONNECTOR_OPTIONS) private readonly options: ConnectorOptions) {}

  opened(port: number): void {
    const { host = '127.0.0.1', publicUrl } = this.options.door ?? {};
    const name = host.includes(':') ? `[${host}]` : host;
    this.url = publicUrl?.replace(/\/$/, '') ?? `http://${name}:${port}`;
  }

  closed(): void {
    this.url = undefined;
  }

  urlOf(slot: string): string | undefined {
    return this.url === undefined ? undefined : `${this.url}/slots/${slot}`;
  }

  /** The only Host values that the door accepts, in lower case. */
  hosts(port: number): string[] {
    const own = this.url === undefined ? [] : [new URL(this.url).host];
    return [...new Set([...own, `127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`])];
  }
}
