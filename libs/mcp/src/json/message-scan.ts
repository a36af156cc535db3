import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  endOfString,
  isSpace,
  nameIn,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
} from './characters.js';

/** Position of a value in a message's bytes; `end` is exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** Position of a member's value. `from` is where the member itself begins: the quote before its name. */
export interface MemberSpan extends Span {
  readonly from: number;
}

/** Why a message is rejected. */
export type ScanProblem = 'too_deep' | 'duplicate_member';

/** Spans of the message's members (`id`, `method`, …) and of those of its parameters (`params.name`, …). */
export interface MessageSpans {
  get(path: string): MemberSpan | undefined;
}

/** The positions of all members, or why the message is rejected. */
export type Scan = { ok: true; spans: MessageSpans } | { ok: false; problem: ScanProblem };

/**
 * Scans a JSON-RPC message once, before it is parsed. Limits the nesting, rejects duplicate members (parsers disagree about
 * which one counts), and finds the values that may have to be replaced without changing other bytes. Does not check that
 * the text is JSON; the spans are valid only if it is.
 * @param bytes one character per byte (`latin1`), so that offsets in the text are offsets in the bytes; JSON's structural
 * characters are all ASCII
 * @param isAscii true if the caller knows that all bytes are ASCII; saves a check of every name
 */
export function scanMessage(bytes: string, maxDepth: number, isAscii = false): Scan {
  const scanner = new Scanner(bytes, maxDepth, isAscii);
  const problem = scanner.run();
  return problem === undefined ? { ok: true, spans: scanner } : { ok: false, problem };
}

/** Whether a JSON-RPC message or its parameters have a duplicate member: parsers disagree about which one counts. */
export function hasRepeatedMember(json: string): boolean {
  return !scanMessage(json, Infinity, true).ok;
}

const PARAMS = 'params.';
/** Up to this many members, a linear search is faster than a map. */
const MAX_UNINDEXED = 16;

interface NamedSpan extends MemberSpan {
  readonly name: string;
}

/** The members of one object, each name once. */
class Members {
  private readonly few: NamedSpan[] = [];
  private index: Map<string, NamedSpan> | undefined;

  get(name: string): NamedSpan | undefined {
    if (this.index) return this.index.get(name);
    for (const member of this.few) if (member.name === name) return member;
    return undefined;
  }

  add(member: NamedSpan): void {
    if (this.index) this.index.set(member.name, member);
    else if (this.few.push(member) === MAX_UNINDEXED) this.index = new Map(this.few.map((each) => [each.name, each]));
  }
}

class Scanner implements MessageSpans {
  private readonly root = new Members();
  private readonly params = new Members();
  private depth = 0;
  /** The members that are being read: of the message, and of its parameters. */
  private rootMember: Span | undefined;
  private paramsMember: Span | undefined;
  private expectsName = false;
  private isRootObject = false;
  private isParamsObject = false;
  private isParamsNext = false;

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
    private readonly isAscii: boolean,
  ) {}

  get(path: string): MemberSpan | undefined {
    return path.startsWith(PARAMS) ? this.params.get(path.slice(PARAMS.length)) : this.root.get(path);
  }

  run(): ScanProblem | undefined {
    const { text, maxDepth } = this;
    const { length } = text;
    for (let at = 0; at < length; at++) {
      const char = text.charCodeAt(at);
      if (char === QUOTE) {
        const end = endOfString(text, at);
        if (this.expectsName && !this.readName(at, end)) return 'duplicate_member';
        at = end;
      } else if (char === OPEN_OBJECT || char === OPEN_LIST) {
        this.open(char === OPEN_OBJECT);
        if (this.depth > maxDepth) return 'too_deep';
      } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
        this.close(at);
      } else if (this.depth <= 2 && (char === COMMA || char === COLON)) {
        this.separate(char, at);
      }
    }
    return undefined;
  }

  private separate(char: number, at: number): void {
    if (!this.isTracked()) return;
    if (char === COMMA) {
      this.endValue(at);
      this.expectsName = true;
    } else {
      const member = this.depth === 1 ? this.rootMember : this.paramsMember;
      if (member) member.start = at + 1;
    }
  }

  private isTracked(): boolean {
    return (this.depth === 1 && this.isRootObject) || (this.depth === 2 && this.isParamsObject);
  }

  private open(isObject: boolean): void {
    this.depth += 1;
    if (this.depth > 2) {
      this.expectsName = false;
      return;
    }
    if (this.depth === 1) this.isRootObject = isObject;
    else this.isParamsObject = isObject && this.isParamsNext;
    this.expectsName = isObject && this.isTracked();
  }

  private close(at: number): void {
    if (this.depth <= 2 && this.isTracked()) this.endValue(at);
    this.depth -= 1;
    this.expectsName = false;
    if (this.depth === 1) this.isParamsObject = false;
  }

  private readName(start: number, end: number): boolean {
    this.expectsName = false;
    const name = this.isAscii ? nameIn(this.text, start, end) : memberName(this.text, start, end);
    const members = this.depth === 1 ? this.root : this.params;
    if (members.get(name)) return false;
    const member = { name, from: start, start: end, end };
    members.add(member);
    if (this.depth === 2) this.paramsMember = member;
    else {
      this.rootMember = member;
      this.isParamsNext = name === 'params';
    }
    return true;
  }

  private endValue(at: number): void {
    const member = this.depth === 1 ? this.rootMember : this.paramsMember;
    if (!member) return;
    trim(this.text, member, at);
    if (this.depth === 1) this.rootMember = undefined;
    else this.paramsMember = undefined;
  }
}

/** Ends a member's value at `to`, without the space around it. */
function trim(text: string, member: Span, to: number): void {
  let { start } = member;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  member.start = start;
  member.end = end;
}

/** A name from a `latin1` text; bytes that are not ASCII are decoded as UTF-8. */
function memberName(bytes: string, start: number, end: number): string {
  const raw = bytes.slice(start, end + 1);
  if (!/[^ -~]/.test(raw)) return nameIn(bytes, start, end);
  const text = Buffer.from(raw, 'latin1').toString('utf8');
  return nameIn(text, 0, text.length - 1);
}
