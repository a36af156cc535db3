import { randomUUID } from 'node:crypto';

/** A request of Lethe to a client: the replica that waits for the response, and the request's id there. */
export interface HeldRequest {
  readonly replica: string;
  readonly id: string;
}

/** Receives a client's JSON-RPC response, as its text. */
export type OnResponse = (json: string) => void;

/** The requests of this replica to clients that no response has arrived for. */
export class PendingInputs {
  /** This replica, in sealed ids and on the bus. */
  readonly replica = randomUUID();
  private readonly pending = new Map<string, OnResponse>();

  get size(): number {
    return this.pending.size;
  }

  /** Waits for one response. `forget` must be called when it is not needed any more. */
  expect(onResponse: OnResponse): HeldRequest {
    const id = randomUUID();
    this.pending.set(id, onResponse);
    return { replica: this.replica, id };
  }

  forget({ id }: HeldRequest): void {
    this.pending.delete(id);
  }

  /** Passes a response on, once. False if nothing waits for it. */
  receive(id: string, json: string): boolean {
    const onResponse = this.pending.get(id);
    this.pending.delete(id);
    onResponse?.(json);
    return onResponse !== undefined;
  }
}
