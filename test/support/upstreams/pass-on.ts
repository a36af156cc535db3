import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';

/**
 * Passes the response to a forwarded request on to the client as it comes. When either connection ends, the other one does.
 * @param onAnswer called with the response before anything of it is passed on
 */
export function passOn(
  forwarded: ClientRequest,
  response: ServerResponse,
  onAnswer: (answer: IncomingMessage) => void = () => undefined,
): void {
  forwarded.on('response', (answer) => {
    onAnswer(answer);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  forwarded.on('error', () => response.destroy());
  response.on('close', () => forwarded.destroy());
}

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
