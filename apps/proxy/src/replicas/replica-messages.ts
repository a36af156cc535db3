import { CallCancelled, DeliverInput, type DeliverInputReply, inputSubject, type JsonValue } from '@lethe/contracts';
import { encodeNotification, isObject, type RpcId } from '@lethe/mcp';
import { type NoticePublisher, type RequestClient, RequestFailed } from '@lethe/messaging';
import { LetheError, nowSeconds } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import { errorBody } from '../protocol/errors.js';
import type { HeldRequest, PendingInputs } from './pending-inputs.js';
import type { RunningCalls } from './running-calls.js';

/** How long another replica may take to accept an answer. */
const HANDOVER_TIMEOUT_MS = 5_000;
/** A cancellation that arrives later could meet another call with the same id. */
const CANCEL_TTL_SECONDS = 30;
/** A longer notification, which can only be its reason, is handed over without it. */
const MAX_NOTIFICATION_BYTES = 16 * 1024;

/** The services that the messages between replicas use. */
export interface ReplicaMessagesParts {
  readonly requests: Pick<RequestClient, 'request'>;
  readonly notices: Pick<NoticePublisher, 'publish'>;
  readonly sealer: Sealer;
  readonly inputs: PendingInputs;
  readonly calls: RunningCalls;
}

/**
 * What replicas of the proxy tell each other: the answers and cancellations of clients that reached another replica than
 * the one that runs the call (ADR 0019). Each message is sealed: nothing in it can be read or written on the bus.
 */
export class ReplicaMessages {
  constructor(private readonly parts: ReplicaMessagesParts) {}

  /** The subject on which other replicas reach this one. */
  get subject(): string {
    return inputSubject(this.parts.inputs.replica);
  }

  /**
   * Passes a client's JSON-RPC response to the replica that waits for it.
   * @throws LetheError `message_invalid` when nothing waits for it, `bus_unavailable`, `payload_too_large`
   */
  async deliver(request: HeldRequest, json: string): Promise<void> {
    const { inputs } = this.parts;
    const isAccepted =
      request.replica === inputs.replica ? inputs.receive(request.id, json) : await this.handOver(request, json);
    if (!isAccepted) throw new LetheError('message_invalid', { rule: 'response_unasked' });
  }

  /** Receives a response that reached another replica. */
  receive({ sealed }: DeliverInput): DeliverInputReply {
    const { sealer, inputs } = this.parts;
    const claims = sealer.open(sealed, this.subject);
    const { i, m } = isObject(claims) ? claims : {};
    const isAccepted = typeof i === 'string' && typeof m === 'string' && inputs.receive(i, m);
    return { status: isAccepted ? 'accepted' : 'unknown' };
  }

  /**
   * Cancels a call wherever it runs. A replica that can't be reached does not learn of it, and its call runs to its end.
   * @param key the call's `Session.callKey`
   */
  async cancel(key: string, requestId: RpcId, notification: Buffer): Promise<void> {
    const { sealer, notices, calls } = this.parts;
    if (calls.cancel(key, notification)) return;
    const isShort = notification.length <= MAX_NOTIFICATION_BYTES;
    const bytes = isShort ? notification : encodeNotification('notifications/cancelled', { requestId });
    const claims = { k: key, n: bytes.toString('utf8'), x: nowSeconds() + CANCEL_TTL_SECONDS };
    await notices.publish(CallCancelled, { sealed: sealer.seal(claims, CallCancelled.subject) });
  }

  /** Receives a cancellation that reached another replica. */
  receiveCancellation({ sealed }: CallCancelled): void {
    const cancellation = readCancellation(this.parts.sealer.open(sealed, CallCancelled.subject));
    if (cancellation) this.parts.calls.cancel(cancellation.key, cancellation.notification);
  }

  private async handOver(request: HeldRequest, json: string): Promise<boolean> {
    const { requests, sealer } = this.parts;
    const subject = inputSubject(request.replica);
    const sealed = sealer.seal({ i: request.id, m: json }, subject);
    try {
      const reply = await requests.request(DeliverInput, { sealed }, { timeoutMs: HANDOVER_TIMEOUT_MS, subject });
      return reply.status === 'accepted';
    } catch (error) {
      if (error instanceof RangeError) return this.handOverTooLong(request);
      // The replica is gone, and its call with it.
      if (error instanceof RequestFailed && error.reason === 'no_responders') return false;
      throw new LetheError('bus_unavailable', {}, { cause: error });
    }
  }

  /** Without an answer, the call would wait for nothing until its time is up. */
  private async handOverTooLong(request: HeldRequest): Promise<never> {
    const tooLong = new LetheError('payload_too_large', { rule: 'bus_message' });
    await this.handOver(request, errorBody(tooLong, null, undefined));
    throw tooLong;
  }
}

function readCancellation(claims: JsonValue | undefined): { key: string; notification: Buffer } | undefined {
  if (!isObject(claims)) return undefined;
  const { k: key, n: notification, x: expiry } = claims;
  if (typeof key !== 'string' || typeof notification !== 'string' || typeof expiry !== 'number') return undefined;
  return expiry > nowSeconds() ? { key, notification: Buffer.from(notification) } : undefined;
}
