/** Where a value stands in a message's bytes: from `start` up to, not including, `end`. */
export interface Span {
  start: number;
  end: number;
}

export type ScanProblem = 'too_deep' | 'duplicate_member';

/** Spans of the message's members (`id`, `method`, …) and of those of its parameters (`params.name`, …). */
export type MessageSpans = ReadonlyMap<string, Span>;

export type Scan = { ok: true; spans: MessageSpans } | { ok: false; problem: ScanProblem };

/** Bytes of JSON's structure (RFC 8259). */
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * One pass over the bytes of a JSON-RPC message, before anything parses them: bounds the nesting, refuses a member given
 * twice (readers disagree which one counts), and finds the values that may have to be replaced without touching the rest.
 * Says nothing about whether the bytes are JSON; spans mean something only when they are.
 */
export function scanMessage(bytes: Buffer, maxDepth: number): Scan {
  const scanner = new Scanner(bytes, maxDepth);
  const problem = scanner.run();
  return problem === undefined ? { ok: true, spans: scanner.spans } : { ok: false, problem };
}

class Scanner {
  readonly spans = new Map<string, Span>();
  private depth = 0;
  /** The member being read, per tracked depth: of the message (1) and of its parameters (2). */
  private readonly member: (string | undefined)[] = [];
  private readonly valueStart: number[] = [];
  private expectsName = false;
  private isRootObject = false;
  private isParamsObject = false;

  constructor(
    private readonly bytes: Buffer,
    private readonly maxDepth: number,
  ) {}

  run(): ScanProblem | undefined {
    const { bytes } = this;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        const end = endOfString(bytes, at);
        if (this.expectsName && !this.takeName(at, end)) return 'duplicate_member';
        at = end;
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        this.open(byte === OPEN_OBJECT);
        if (this.depth > this.maxDepth) return 'too_deep';
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        this.close(at);
      } else if (byte === COMMA && this.isTracked()) {
        this.endValue(at);
        this.expectsName = true;
      } else if (byte === COLON && this.isTracked()) {
        this.valueStart[this.depth] = at + 1;
      }
    }
    return undefined;
  }

  private isTracked(): boolean {
    return (this.depth === 1 && this.isRootObject) || (this.depth === 2 && this.isParamsObject);
  }

  private open(isObject: boolean): void {
    this.depth += 1;
    if (this.depth === 1) this.isRootObject = isObject;
    if (this.depth === 2) this.isParamsObject = isObject && this.member[1] === 'params';
    this.expectsName = isObject && this.isTracked();
  }

  private close(at: number): void {
    if (this.isTracked()) this.endValue(at);
    this.depth -= 1;
    this.expectsName = false;
    if (this.depth === 1) this.isParamsObject = false;
  }

  private takeName(start: number, end: number): boolean {
    this.expectsName = false;
    const name = readName(this.bytes, start, end);
    const path = this.depth === 1 ? name : `params.${name}`;
    if (this.spans.has(path)) return false;
    this.spans.set(path, { start: end, end });
    this.member[this.depth] = name;
    return true;
  }

  private endValue(at: number): void {
    const name = this.member[this.depth];
    if (name === undefined) return;
    const span = trimmed(this.bytes, this.valueStart[this.depth] ?? at, at);
    this.spans.set(this.depth === 1 ? name : `params.${name}`, span);
    this.member[this.depth] = undefined;
  }
}

/** Index of the closing quote, or the last index when there is none. */
function endOfString(bytes: Buffer, start: number): number {
  let end = bytes.indexOf(QUOTE, start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (bytes[end - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = bytes.indexOf(QUOTE, end + 1);
  }
  return bytes.length - 1;
}

/** The name with its escapes resolved, so that `"\u006eame"` counts as `name`. */
function readName(bytes: Buffer, start: number, end: number): string {
  const raw = bytes.toString('utf8', start + 1, end);
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

function trimmed(bytes: Buffer, from: number, to: number): Span {
  let start = from;
  let end = to;
  while (start < end && isSpace(bytes[start])) start += 1;
  while (end > start && isSpace(bytes[end - 1])) end -= 1;
  return { start, end };
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
