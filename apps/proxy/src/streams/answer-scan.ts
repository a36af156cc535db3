import { parseJson, type RpcId } from '@lethe/mcp';

/** Why a body is not the answer to a request. */
export type NoAnswer = 'not_json' | 'wrong_id';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Longest member name that is looked at, escapes and all. */
const MAX_NAME = 64;
/** An escaped character takes six bytes. */
const ESCAPED = 6;

/**
 * Reads the members of a JSON-RPC answer while its bytes pass, chunk by chunk, and keeps none of them. A client believes
 * the id in an answer: one with another id would answer what the client asked of another upstream, and one that is a
 * request would ask the client something. Says nothing about what is inside the result.
 */
export class AnswerScan {
  /** The one object of the body has ended. */
  isWhole = false;
  private hasId = false;
  private depth = 0;
  private isInString = false;
  private hasOddSlash = false;
  private expectsName = false;
  private member = '';
  private kept: string | undefined;
  private keptFrom = 0;
  private problem: NoAnswer | undefined;
  private readonly maxId: number;

  constructor(private readonly id: RpcId) {
    this.maxId = JSON.stringify(id).length * ESCAPED + MAX_NAME;
  }

  /** What these bytes, after those before, can't be the answer for; undefined as long as they may be. */
  push(chunk: Buffer): NoAnswer | undefined {
    this.keptFrom = 0;
    for (let at = 0; at < chunk.length && this.problem === undefined; at++) {
      at = this.isInString ? this.pastString(chunk, at) : this.step(chunk, at);
    }
    if (this.kept !== undefined) this.keep(chunk, chunk.length);
    if (this.isWhole && !this.hasId) this.problem ??= 'wrong_id';
    return this.problem;
  }

  private step(chunk: Buffer, at: number): number {
    const byte = chunk[at] ?? 0;
    if (byte === QUOTE) {
      if (this.depth === 0) this.problem = 'not_json';
      if (this.depth === 1 && this.expectsName) this.beginKeeping(at);
      this.isInString = true;
    } else if (this.depth > 1) {
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.depth -= 1;
    } else if (this.depth === 1) this.member1(chunk, at, byte);
    else this.outside(byte);
    return at;
  }

  private outside(byte: number): void {
    if (byte === OPEN_OBJECT && !this.isWhole) {
      this.depth = 1;
      this.expectsName = true;
    } else if (!isSpace(byte)) this.problem = 'not_json';
  }

  /** Between the members of the answer itself. */
  private member1(chunk: Buffer, at: number, byte: number): void {
    if (byte === COLON) {
      if (this.member === 'method') this.problem = 'wrong_id';
      if (this.member === 'id') this.beginKeeping(at + 1);
    } else if (byte === COMMA || byte === CLOSE_OBJECT) {
      this.endMember(chunk, at);
      this.expectsName = byte === COMMA;
      this.isWhole = byte === CLOSE_OBJECT;
      if (this.isWhole) this.depth = 0;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      this.depth = 2;
      if (this.member === 'id') this.problem = 'wrong_id';
    } else if (byte === CLOSE_LIST) this.problem = 'not_json';
  }

  /** Index of the closing quote, or of the last byte when the string goes on in the next chunk. */
  private pastString(chunk: Buffer, from: number): number {
    for (let end = chunk.indexOf(QUOTE, from); end !== -1; end = chunk.indexOf(QUOTE, end + 1)) {
      if (this.isEscaped(chunk, from, end)) continue;
      this.isInString = false;
      this.hasOddSlash = false;
      if (this.depth === 1 && this.expectsName) this.endName(chunk, end + 1);
      return end;
    }
    this.hasOddSlash = this.isEscaped(chunk, from, chunk.length);
    return chunk.length - 1;
  }

  /** Whether an odd number of backslashes stands before this index, those of the chunk before included. */
  private isEscaped(chunk: Buffer, from: number, at: number): boolean {
    let first = at;
    while (first > from && chunk[first - 1] === BACKSLASH) first -= 1;
    const isOdd = (at - first) % 2 === 1;
    return first === from && this.hasOddSlash ? !isOdd : isOdd;
  }

  private beginKeeping(at: number): void {
    this.kept = '';
    this.keptFrom = at;
  }

  private keep(chunk: Buffer, to: number): string {
    const limit = this.expectsName ? MAX_NAME : this.maxId;
    const from = this.keptFrom;
    this.kept = ((this.kept ?? '') + chunk.toString('latin1', from, Math.min(to, from + limit))).slice(0, limit);
    return this.kept;
  }

  private endName(chunk: Buffer, to: number): void {
    const name = textOf(this.keep(chunk, to));
    this.member = typeof name === 'string' ? name : '';
    this.kept = undefined;
    this.expectsName = false;
  }

  private endMember(chunk: Buffer, to: number): void {
    if (this.kept === undefined) return;
    this.hasId = textOf(this.keep(chunk, to)) === this.id;
    if (!this.hasId) this.problem = 'wrong_id';
    this.kept = undefined;
    this.member = '';
  }
}

function textOf(latin1: string): unknown {
  return parseJson(Buffer.from(latin1, 'latin1').toString('utf8'));
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
