/** The one-shot process's end of its only channel. It exits when the parent is gone. */
export class ParentChannel<In extends { kind: string }, Out extends object> {
  /** `handle` is a connection that was sent with the message. */
  constructor(onMessage: (message: In, handle: unknown) => void) {
    process.on('disconnect', () => process.exit(0));
    process.on('message', (message, handle) => {
      if (isMessage<In>(message)) onMessage(message, handle);
    });
  }

  send(message: Out): void {
    process.send?.(message);
  }

  /** Sends the last message and exits once it is written. */
  sendAndExit(message: Out): void {
    if (process.send === undefined) process.exit(1);
    process.send(message, undefined, {}, () => process.exit(0));
  }
}

/** Both ends of the channel are this program. */
function isMessage<T extends { kind: string }>(value: unknown): value is T {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
