import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorCode, LetheError } from '../errors.js';
import { afterResponses, dropsMore, endLingering, isInterrupted, lingerAtEnd, stopReading } from './connection-end.js';

/** An error as one kind of server shows it. */
export interface RenderedError {
  readonly contentType: string;
  readonly body: string;
}

/** Codes of node's parser and server. Its messages are not used: they are about bytes of the client. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payload_too_large',
  HPE_INVALID_VERSION: 'http_version_unsupported',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/**
 * Answers what node's server could not read as a request, and ends the connection. They are errors of clients: they are
 * counted, and nothing of them is logged.
 */
export class ClientErrors {
  /** Called with the code of each error. */
  report: (code: ErrorCode) => void = () => undefined;

  constructor(private readonly render: (error: LetheError) => RenderedError) {}

  /** Fastify's `clientErrorHandler`. Responses to complete requests before the error are sent first. */
  readonly answer = (error: Error & { code?: string }, socket: Socket): void => {
    // Node reports every further piece.
    if (dropsMore(socket)) return;
    stopReading(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const code = CODES[error.code ?? ''] ?? 'request_malformed';
    this.report(code);
    this.end(socket, new LetheError(code));
  };

  /** Answers CONNECT, for which node's server has no response. */
  readonly answerConnect = (_request: IncomingMessage, socket: Socket): void => {
    stopReading(socket);
    socket.on('error', () => socket.destroy()).on('data', () => dropsMore(socket));
    this.report('method_not_allowed');
    this.end(socket, new LetheError('method_not_allowed'));
  };

  /** Refuses a request that node's server has read, and ends its connection. */
  refuse(response: ServerResponse, code: ErrorCode): void {
    const error = new LetheError(code);
    const { contentType, body } = this.render(error);
    this.report(code);
    lingerAtEnd(response.req.socket);
    response.writeHead(error.status, {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    });
    response.end(body);
  }

  /** Adds the answers that Fastify has no option for. */
  readonly attach = (server: Server): void => {
    server
      .on('connect', this.answerConnect)
      .on('checkContinue', (request, response: ServerResponse) => continueNow(server, request, response))
      .on('checkExpectation', (_request, response: ServerResponse) => this.refuse(response, 'expectation_unsupported'));
  };

  private end(socket: Socket, error: LetheError): void {
    afterResponses(socket, () => {
      if (!socket.writable) return;
      endLingering(socket, isInterrupted(socket) ? '' : this.response(error));
    });
  }

  private response(error: LetheError): string {
    const { contentType, body } = this.render(error);
    const head = [
      `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
      `Content-Type: ${contentType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(error.code === 'method_not_allowed' ? ['Allow: GET, POST, DELETE, OPTIONS'] : []),
      `Date: ${new Date().toUTCString()}`,
      'Connection: close',
    ];
    return `${head.join('\r\n')}\r\n\r\n${body}`;
  }
}

/**
 * Asks for the body. Behind another request whose response is not written yet, node would put this into the middle of the
 * response (26.10, `findings/node-http-writes-100-continue-into-a-pipelined-response.sh`): no continue is sent then, and the
 * connection ends with the response.
 */
function continueNow(server: Server, request: IncomingMessage, response: ServerResponse): void {
  const isBehind = response.socket === null;
  if (isBehind) response.shouldKeepAlive = false;
  else response.writeContinue();
  server.emit('request', request, response);
  // From now on: this request is served, and none behind it.
  if (isBehind) lingerAtEnd(request.socket);
}
