import { HandshakeFailure } from '../outcome/handshake-failure.js';

/**
 * Ends work when its time is over, whatever an SDK is waiting for.
 * @throws HandshakeFailure `upstream_timeout`
 */
export function beforeDeadline<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = (): void => reject(new HandshakeFailure('upstream_timeout'));
    if (deadline.aborted) expire();
    deadline.addEventListener('abort', expire, { once: true });
    work.then(resolve, reject);
  });
}
