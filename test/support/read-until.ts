import type { Socket } from 'node:net';

/** How often the text must arrive, and how many of the last characters are kept for a peer that sends much. */
export interface ReadUntilOptions {
  times?: number;
  keep?: number;
}

/** Reads a socket until a text has arrived, or the end. Returns what arrived, one character per byte. */
export async function readUntil(socket: Socket, text: string, options: ReadUntilOptions = {}): Promise<string> {
  const { times = 1, keep = Infinity } = options;
  let received = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    received = (received + (chunk as Buffer).toString('latin1')).slice(-keep);
    if (received.split(text).length > times) return received;
  }
  return received;
}
