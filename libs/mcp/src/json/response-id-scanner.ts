import type { RpcId } from '../json-rpc.js';
import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isSpace,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
} from './characters.js';
import { parseJson } from './value.js';

/** Why a body is not the response to a request. */
export type NotTheResponse = 'not_json' | 'wrong_id';

/** Longest member name that is compared, with its escapes. */
const MAX_NAME = 64;
/** Bytes of a string that are read one by one. In longer strings the next quote is searched with `indexOf`. */
const NEAR = 48;
/** An escaped character takes six bytes. */
const ESCAPED = 6;
const SPACE = 0x20;
/** U+FEFF in UTF-8. */
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];

/**
 * Checks the id of a JSON-RPC response while its bytes pass, chunk by chunk, without buffering them. A client trusts the id
 * in a response: another id would answer a request that the client sent to another upstream, and a message with a `method`
 * would be a request to the client. The content of the result is not checked.
 *
 * What the official SDKs read all the same becomes plain for every client: the quotes of a numeric id that is sent as a
 * string, a byte order mark, and the brackets of a list with this response alone are replaced by spaces in the chunk itself.
 */
export class ResponseIdScanner {
  private isClosed = false;
  private isInList = false;
  /** Bytes of a byte order mark at the start. */
  private markLength = 0;
  private hasId = false;
  private hasError = false;
  private depth = 0;
  private isInString = false;
  /** 1 when the last byte of the previous chunk escapes the first byte of the next one. */
  private escaped = 0;
  private expectsName = false;
  private member = '';
  private kept: string | undefined;
  private keptFrom = 0;
  private problem: NotTheResponse | undefined;
  private readonly idJson: string;
  private readonly maxId: number;

  constructor(private readonly id: RpcId) {
    this.idJson = JSON.stringify(id);
    this.maxId = this.idJson.length * ESCAPED + MAX_NAME;
  }

  /** Whether the body's one object is complete. */
  get isWhole(): boolean {
    return this.isClosed && !this.isInList;
  }

  /** Whether it has a member `error`: it is no result. */
  get isError(): boolean {
    return this.hasError;
  }

  /** Scans the next bytes. Returns why the body can't be the response; undefined as long as it can. */
  push(chunk: Buffer): NotTheResponse | undefined {
    this.keptFrom = 0;
    let at = 0;
    while (at < chunk.length && this.problem === undefined) {
      if (this.isInString) at = this.ownString(chunk, at);
      else if (this.depth > 1) at = this.nested(chunk, at);
      else this.step(chunk, at++);
    }
    if (this.kept !== undefined) this.keepForNext(chunk);
    if (this.isClosed && !this.hasId) this.problem ??= 'wrong_id';
    return this.problem;
  }

  private step(chunk: Buffer, at: number): void {
    const byte = chunk[at] ?? 0;
    if (byte === QUOTE) {
      if (this.depth === 0) this.problem = 'not_json';
      if (this.expectsName) this.beginKeeping(at);
      this.isInString = true;
    } else if (this.depth === 0) this.outside(chunk, at, byte);
    else this.between(chunk, at, byte);
  }

  private outside(chunk: Buffer, at: number, byte: number): void {
    if (byte === OPEN_OBJECT && !this.isClosed) {
      this.depth = 1;
      this.expectsName = true;
    } else if (!isSpace(byte)) {
      if (this.isAround(byte)) chunk[at] = SPACE;
      else this.problem = 'not_json';
    }
  }

  /** Whether a byte belongs to a byte order mark or to a list around the response. */
  private isAround(byte: number): boolean {
    if (this.isClosed ? byte === CLOSE_LIST && this.isInList : byte === OPEN_LIST && !this.isInList) {
      this.isInList = !this.isInList;
      return true;
    }
    if (this.isClosed || this.isInList || byte !== BYTE_ORDER_MARK[this.markLength]) return false;
    this.markLength += 1;
    return true;
  }

  /** Between the members of the response itself. */
  private between(chunk: Buffer, at: number, byte: number): void {
    if (byte === COLON) {
      if (this.member === 'method') this.problem = 'wrong_id';
      if (this.member === 'id') this.beginKeeping(at + 1);
      if (this.member === 'error') this.hasError = true;
    } else if (byte === COMMA || byte === CLOSE_OBJECT) {
      this.endMember(chunk, at);
      this.expectsName = byte === COMMA;
      this.isClosed = byte === CLOSE_OBJECT;
      if (this.isClosed) this.depth = 0;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      this.depth = 2;
      if (this.member === 'id') this.problem = 'wrong_id';
    } else if (byte === CLOSE_LIST) this.problem = 'not_json';
  }

  /** Skips a string of the response object, or the rest of a string inside a member. Returns the next offset. */
  private ownString(chunk: Buffer, from: number): number {
    const at = this.pastString(chunk, from);
    if (!this.isInString && this.depth === 1 && this.expectsName) this.endName(chunk, at);
    return at;
  }

  /** Skips a member's value: most of the bytes. Returns the offset after it, or the end of the chunk. */
  private nested(chunk: Buffer, from: number): number {
    let { depth } = this;
    let at = from;
    while (at < chunk.length && depth > 1) {
      const byte = chunk[at++];
      if (byte === QUOTE) {
        this.isInString = true;
        at = this.pastString(chunk, at);
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
    }
    this.depth = depth;
    return at;
  }

  /** Returns the offset after a string, or the end of the chunk. Reads byte by byte first, then searches the next quote. */
  private pastString(chunk: Buffer, from: number): number {
    const { length } = chunk;
    let at = from + this.escaped;
    let near = at + NEAR;
    for (; at < length; at++) {
      const byte = chunk[at];
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) {
        this.isInString = false;
        this.escaped = 0;
        return at + 1;
      } else if (at >= near) {
        const quote = chunk.indexOf(QUOTE, at);
        const end = quote === -1 ? length : quote;
        at = beforeSlashes(chunk, end) - 1;
        near = end + NEAR;
      }
    }
    this.escaped = at - length;
    return length;
  }

  private beginKeeping(at: number): void {
    this.kept = '';
    this.keptFrom = at;
  }

  private keep(chunk: Buffer, to: number): string {
    const limit = this.expectsName ? MAX_NAME : this.maxId;
    const from = this.keptFrom;
    const more = chunk.toString('latin1', from, Math.min(to, from + limit));
    const kept = this.kept ? (this.kept + more).slice(0, limit) : more;
    this.kept = kept;
    return kept;
  }

  /** The bytes of a numeric id that continue in the next chunk are unquoted already: they may have been sent by then. */
  private keepForNext(chunk: Buffer): void {
    this.keep(chunk, chunk.length);
    if (!this.expectsName && typeof this.id === 'number') unquote(chunk, this.keptFrom, chunk.length);
  }

  private endName(chunk: Buffer, to: number): void {
    const written = this.keep(chunk, to);
    this.member = written.includes('\\') ? String(textOf(written)) : written.slice(1, -1);
    this.kept = undefined;
    this.expectsName = false;
  }

  private endMember(chunk: Buffer, to: number): void {
    if (this.kept === undefined) return;
    const written = this.keep(chunk, to);
    this.hasId = written === this.idJson || textOf(written) === this.id || this.isUnquoted(chunk, to, written);
    if (!this.hasId) this.problem = 'wrong_id';
    this.kept = undefined;
    this.member = '';
  }

  /** Whether the id was sent as the string of a number; it is the number then. */
  private isUnquoted(chunk: Buffer, to: number, written: string): boolean {
    const isString = typeof this.id === 'number' && textOf(written) === this.idJson;
    if (!isString || !written.includes(`"${this.idJson}"`)) return false;
    unquote(chunk, this.keptFrom, to);
    return true;
  }
}

/** Replaces quotes by spaces. */
function unquote(chunk: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at++) if (chunk[at] === QUOTE) chunk[at] = SPACE;
}

/** Index of the first backslash in the run of backslashes that ends before `end`. */
function beforeSlashes(chunk: Buffer, end: number): number {
  let first = end;
  while (chunk[first - 1] === BACKSLASH) first -= 1;
  return first;
}

function textOf(latin1: string): unknown {
  return parseJson(Buffer.from(latin1, 'latin1').toString('utf8'));
}
