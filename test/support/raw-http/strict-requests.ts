/** One request as RFC 9112 reads it. */
export interface StrictRequest {
  method: string;
  target: string;
  /** Names in lower case, and values, as they were sent. */
  headers: [name: string, value: string][];
  body: Buffer;
}

/** What one direction of a connection holds. */
export interface StrictReading {
  /** The requests that arrived completely, in order. */
  requests: StrictRequest[];
  /** How it goes on after them: nothing more, a part of a request, what is no request, or bytes after the last request. */
  end: 'clean' | 'partial' | 'bad' | 'closed';
}

/** Several spaces: section 3 allows to read a request line by its words. */
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) +([\x21-\xff]+) +HTTP\/1\.([01])$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const CHUNK = /^([0-9A-Fa-f]{1,15})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/;

type Failure = 'partial' | 'bad';

/** A second reading of what a client sent, by the letter of RFC 9112 and without a line of the code under test. */
export function readStrictly(bytes: Buffer): StrictReading {
  const reader = new Reader(bytes.toString('latin1'));
  const requests: StrictRequest[] = [];
  for (;;) {
    reader.skipEmptyLines();
    if (reader.isAtEnd) return { requests, end: 'clean' };
    const request = reader.request();
    if (typeof request === 'string') return { requests, end: request };
    requests.push(request);
    if (reader.isLast || request.method === 'CONNECT') return { requests, end: 'closed' };
  }
}

/** The values of a header, in order. */
export function valuesOf({ headers }: StrictRequest, name: string): string[] {
  return headers.filter(([each]) => each === name).map(([, value]) => value);
}

class Reader {
  private at = 0;
  /** The last request said that no other one follows. */
  isLast = false;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** RFC 9112, section 2.2: a server ignores empty lines before a request. */
  skipEmptyLines(): void {
    while (this.text.startsWith('\r\n', this.at)) this.at += 2;
  }

  request(): StrictRequest | Failure {
    const first = this.line();
    if (first === undefined) return 'partial';
    const [, method = '', target = '', minor] = REQUEST_LINE.exec(first) ?? [];
    if (minor === undefined) return 'bad';
    const headers = this.fields();
    if (typeof headers === 'string') return headers;
    const request = { method, target, headers, body: Buffer.alloc(0) };
    const options = valuesOf(request, 'connection').flatMap((value) => value.toLowerCase().split(/[ \t]*,[ \t]*/));
    this.isLast = options.includes('close') || (minor === '0' && !options.includes('keep-alive'));
    const body = this.body(request, minor);
    return typeof body === 'string' ? body : { ...request, body };
  }

  private body(request: StrictRequest, minor: string): Buffer | Failure {
    const codings = valuesOf(request, 'transfer-encoding');
    const lengths = valuesOf(request, 'content-length');
    if (codings.length > 0) {
      if (lengths.length > 0 || minor === '0' || codings.length > 1) return 'bad';
      return codings[0]?.toLowerCase() === 'chunked' ? this.chunks() : 'bad';
    }
    if (lengths.length === 0) return Buffer.alloc(0);
    const length = lengths[0] ?? '';
    if (lengths.length > 1 || !/^\d{1,15}$/.test(length)) return 'bad';
    return this.take(Number(length)) ?? 'partial';
  }

  private chunks(): Buffer | Failure {
    const parts: Buffer[] = [];
    for (;;) {
      const line = this.line();
      if (line === undefined) return 'partial';
      const size = CHUNK.exec(line)?.[1];
      if (size === undefined) return 'bad';
      const length = Number.parseInt(size, 16);
      if (length === 0) {
        const trailers = this.fields();
        return typeof trailers === 'string' ? trailers : Buffer.concat(parts);
      }
      const part = this.take(length);
      const end = this.take(2);
      if (!part || !end) return 'partial';
      if (end.toString() !== '\r\n') return 'bad';
      parts.push(part);
    }
  }

  private fields(): [string, string][] | Failure {
    const fields: [string, string][] = [];
    for (;;) {
      const line = this.line();
      if (line === undefined) return 'partial';
      if (line === '') return fields;
      const [, name, value = ''] = FIELD.exec(line) ?? [];
      if (name === undefined || !VALUE.test(value)) return 'bad';
      fields.push([name.toLowerCase(), value]);
    }
  }

  /** Up to CRLF; a CR or LF alone stays in the line, which no form allows. */
  private line(): string | undefined {
    const end = this.text.indexOf('\r\n', this.at);
    if (end === -1) return undefined;
    const line = this.text.slice(this.at, end);
    this.at = end + 2;
    return line;
  }

  private take(length: number): Buffer | undefined {
    if (this.at + length > this.text.length) return undefined;
    const part = Buffer.from(this.text.slice(this.at, this.at + length), 'latin1');
    this.at += length;
    return part;
  }
}
