import type { ServerResponse } from 'node:http';
import type { OfferedEra } from './real-server.js';
import { openEvents } from './results.js';

/** The stream of a legacy session; messages wait until the client opens it. */
export class SessionStream {
  private readonly unsent: object[] = [];
  private send?: (message: object) => void;

  open(response: ServerResponse, results: OfferedEra['results']): void {
    this.send = openEvents(response, results);
    response.flushHeaders();
    for (const message of this.unsent.splice(0)) this.send(message);
  }

  write(message: object): void {
    if (this.send) this.send(message);
    else this.unsent.push(message);
  }
}
