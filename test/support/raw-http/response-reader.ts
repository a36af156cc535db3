/** One response on a connection. */
export interface RawResponse {
  status: number;
  head: string;
  body: string;
  /** It has arrived to its end. */
  isComplete: boolean;
}

const CONTENT_LENGTH = /^content-length: (\d+)$/im;
const CHUNKED = /^transfer-encoding: chunked$/im;

/**
 * The responses in what a server sent, one character per byte. Interim ones are left out.
 * @param isHead whether the nth request was HEAD, whose response has no body
 * @throws Error about what is no response
 */
export function readResponses(text: string, isHead: (n: number) => boolean = () => false): RawResponse[] {
  const responses: RawResponse[] = [];
  let at = 0;
  while (at < text.length) {
    const headEnd = text.indexOf('\r\n\r\n', at);
    if (headEnd === -1) return responses;
    const head = text.slice(at, headEnd);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    if (!status) throw new Error(`no response: ${JSON.stringify(head.slice(0, 200))}`);
    at = headEnd + 4;
    if (status < 200) continue;
    const { body, end, isComplete } = bodyAt(text, at, status === 204 || isHead(responses.length) ? NO_BODY : head);
    responses.push({ status, head, body, isComplete });
    at = end;
  }
  return responses;
}

const NO_BODY = 'content-length: 0';

function bodyAt(text: string, at: number, head: string): { body: string; end: number; isComplete: boolean } {
  if (CHUNKED.test(head)) return chunksAt(text, at);
  const length = Number(CONTENT_LENGTH.exec(head)?.[1] ?? Infinity);
  const end = Math.min(text.length, at + length);
  return { body: text.slice(at, end), end, isComplete: end - at === length };
}

function chunksAt(text: string, start: number): { body: string; end: number; isComplete: boolean } {
  let body = '';
  for (let at = start; ;) {
    const lineEnd = text.indexOf('\r\n', at);
    const size = lineEnd === -1 ? NaN : Number.parseInt(text.slice(at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (Number.isNaN(size) || next > text.length) return { body, end: text.length, isComplete: false };
    body += text.slice(lineEnd + 2, next - 2);
    at = next;
    if (size === 0) return { body, end: at, isComplete: true };
  }
}
