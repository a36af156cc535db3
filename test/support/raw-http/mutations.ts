import { seeded } from '../random-json.js';

/** What one connection sends, in pieces. */
export interface Sent {
  bytes: Buffer;
  pieces: Buffer[];
}

/** What the requests of a connection name: the path of its virtual server, its own host, a mark that nobody else has. */
export interface Aim {
  path: string;
  host: string;
  mark: string;
}

const HOSTILE_BYTES = [
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '/',
  '%',
  '0',
  '\x7f',
  '\xe9',
  '\xff',
];
const LINES = [
  'Content-Length: 0',
  'Content-Length: 5',
  'Content-Length: +7',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding : chunked',
  'Host: evil.example',
  'Host: 127.0.0.1',
  'Connection: close',
  'Connection: keep-alive, upgrade',
  'Upgrade: h2c',
  'Expect: 100-continue',
  'Expect: 200-ok',
  'Trailer: x-upstream-up-authorization',
  'X-Upstream-Up-Authorization: Bearer other',
  ' folded: yes',
  'no colon',
  'X: \x01',
];
const START_LINES = [
  'GET / HTTP/1.1',
  'POST http://evil.example/ HTTP/1.1',
  'POST * HTTP/1.1',
  'PRI * HTTP/2.0',
  'CONNECT evil.example:443 HTTP/1.1',
  'HEAD / HTTP/1.1',
  'POST /',
  'POST / HTTP/0.9',
  'POST / HTTP/2.0',
  'POST / HTTP/1.2',
  'POST  / HTTP/1.1',
];
const GARBAGE = [
  'garbage',
  '\0\0\0',
  '\x16\x03\x01\x02\x00',
  'GET',
  '\r\n',
  'GET / HTTP/1.1\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
  '}',
];

/** Makes connections by number: the same seed and number make the same bytes. */
export class Mutations {
  private readonly random: () => number;

  constructor(
    seed: number,
    private readonly aim: Aim,
  ) {
    this.random = seeded(seed);
  }

  make(): Sent {
    let bytes = this.base();
    for (let count = this.one([0, 1, 1, 2, 3]); count > 0; count--) bytes = this.mutated(bytes);
    if (this.below(6) === 0) bytes += this.one(GARBAGE);
    return this.inPieces(Buffer.from(bytes, 'latin1'));
  }

  private base(): string {
    const count = this.one([1, 1, 1, 2, 3]);
    return Array.from({ length: count }, (_, n) => this.request(n)).join('');
  }

  private request(n: number): string {
    const { path, host, mark } = this.aim;
    const call = { name: 'echo', arguments: { mark: `${mark}.${n}` } };
    const message = this.one([
      { jsonrpc: '2.0', id: n, method: 'tools/call', params: call },
      { jsonrpc: '2.0', id: n, method: 'tools/call', params: { ...call, filler: 'x'.repeat(this.below(4_000)) } },
      { jsonrpc: '2.0', id: n, method: 'ping' },
    ]);
    const body = JSON.stringify(message);
    const isChunked = this.below(3) === 0;
    const target = this.one([path, path, path, `${path}/`, `http://${host}${path}`, `${path}?q=1`]);
    const lines = [
      `POST ${target} HTTP/1.1`,
      `Host: ${host}`,
      'Content-Type: application/json',
      'Accept: application/json, text/event-stream',
      `X-Upstream-Up-Authorization: Bearer ${mark}.${n}`,
      isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`,
      ...(this.below(8) === 0 ? [this.one(LINES)] : []),
    ];
    return `${lines.join('\r\n')}\r\n\r\n${isChunked ? this.chunked(body) : body}`;
  }

  private chunked(body: string): string {
    const at = this.below(body.length);
    const chunks = [body.slice(0, at), body.slice(at)].filter((part) => part !== '');
    const extension = this.one(['', '', ';a=b']);
    return `${chunks.map((part) => `${part.length.toString(16)}${extension}\r\n${part}\r\n`).join('')}0\r\n\r\n`;
  }

  private mutated(text: string): string {
    const at = this.below(text.length + 1);
    const length = this.one([1, 1, 2, 8, 40]);
    switch (this.below(9)) {
      case 0:
        return text.slice(0, at) + String.fromCharCode(this.below(256)) + text.slice(at + 1);
      case 1:
        return text.slice(0, at) + this.one(HOSTILE_BYTES) + text.slice(at);
      case 2:
        return text.slice(0, at) + text.slice(at + length);
      case 3:
        return text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
      case 4:
        return text.slice(0, at);
      case 5:
        return this.atLineEnd(text, (line) => `${line}\r\n${this.one(LINES)}`);
      case 6:
        return this.atLineEnd(text, () => this.one(START_LINES));
      case 7:
        return text.replace(/\d+/g, (digits) =>
          this.below(12) === 0 ? this.one(['0', '7', `${digits}0`, '-1', 'ffffffffff']) : digits,
        );
      default:
        return this.atLineEnd(text, (line) =>
          this.one([line.toUpperCase(), line.replace(': ', ':'), ` ${line}`, `${line} `, '']),
        );
    }
  }

  /** Changes one line of a head. */
  private atLineEnd(text: string, change: (line: string) => string): string {
    const lines = text.split('\r\n');
    const at = this.below(lines.length);
    return lines.map((line, n) => (n === at ? change(line) : line)).join('\r\n');
  }

  private inPieces(bytes: Buffer): Sent {
    const cuts = Array.from({ length: this.one([0, 0, 0, 1, 3]) }, () => this.below(bytes.length + 1)).toSorted(
      (a, b) => a - b,
    );
    const pieces = [...cuts, bytes.length].map((end, n) => bytes.subarray(n === 0 ? 0 : cuts[n - 1], end));
    return { bytes, pieces: pieces.filter(({ length }) => length > 0) };
  }

  private below(end: number): number {
    return Math.floor(this.random() * end);
  }

  private one<T>(of: readonly T[]): T {
    const chosen = of[this.below(of.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }
}
