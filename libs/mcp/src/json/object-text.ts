import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COMMA,
  endOfString,
  isSpace,
  nameIn,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
} from './characters.js';

/** JSON texts by member; undefined removes the member. */
export type Edits = Readonly<Record<string, string | undefined>>;

/** Positions of one member in an object's JSON text: its name, its value, its end. */
interface Member {
  readonly name: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** Where an object's text is, and its members. */
interface Part {
  readonly members: readonly Member[];
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** The member that was wanted, if it is an object; of duplicates the last one. */
  readonly inner: Part | undefined;
}

/**
 * The JSON text of an object. Returns its members as they were written, and copies of the text with some members replaced.
 * The text must be a JSON object that a parser has accepted.
 */
export class ObjectText {
  private readonly part: Part;

  /** @param json the object's text, or one around it if `part` says where it is */
  constructor(
    private readonly json: string,
    part?: Part,
  ) {
    this.part = part ?? partOf(json, 0);
  }

  /**
   * A member that is an object, read in one pass with the text around it; of duplicates the last one. Undefined if it is absent or
   * not an object.
   */
  static member(json: string, name: string): ObjectText | undefined {
    const { inner } = partOf(json, 0, name);
    return inner && new ObjectText(json, inner);
  }

  /** The object as it was written. */
  get text(): string {
    return this.json.slice(this.part.start, this.part.end);
  }

  /** A member's text as it was written; of duplicates the last one, like `JSON.parse`. Undefined if absent. */
  get(name: string): string | undefined {
    const member = this.part.members.findLast((one) => one.name === name);
    return member && this.json.slice(member.valueStart, member.end);
  }

  /** A member that is an object; an empty object if it is absent or not an object. */
  object(name: string): ObjectText {
    const text = this.get(name);
    return new ObjectText(text?.startsWith('{') ? text : '{}');
  }

  /**
   * The object's text with members set to new JSON, or removed if undefined. All other members stay as they were written,
   * so numbers keep their digits.
   */
  with(edits: Edits): string {
    let text = this.kept(edits);
    for (const name in edits) {
      const value = edits[name];
      if (value !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${value}`;
    }
    return `{${text}}`;
  }

  /** The text of the members that stay; a single slice if all stay. */
  private kept(edits: Edits): string {
    const { json } = this;
    const { members } = this.part;
    const kept = members.filter(({ name }) => !Object.hasOwn(edits, name));
    const [first] = kept;
    if (first && kept.length === members.length) return json.slice(first.start, kept.at(-1)?.end);
    return kept.map(({ start, end }) => json.slice(start, end)).join(',');
  }
}

/** Like `ObjectText.get`, for a single read. */
export function memberText(json: string, name: string): string | undefined {
  return new ObjectText(json).get(name);
}

/** Like `ObjectText.with`, for a single edit. */
export function editObject(json: string, edits: Edits): string {
  return new ObjectText(json).with(edits);
}

function partOf(json: string, from: number, wanted?: string): Part {
  const start = json.indexOf('{', from);
  const members: Member[] = [];
  let inner: Part | undefined;
  let at = afterSpace(json, start + 1);
  while (json.charCodeAt(at) === QUOTE) {
    const nameEnd = endOfString(json, at);
    const colon = json.indexOf(':', nameEnd);
    if (colon === -1) break;
    const name = nameIn(json, at, nameEnd);
    const valueStart = afterSpace(json, colon + 1);
    const isWanted = name === wanted;
    if (isWanted) inner = json.charCodeAt(valueStart) === OPEN_OBJECT ? partOf(json, valueStart) : undefined;
    const next = isWanted && inner ? afterSpace(json, inner.end) : endOfValue(json, valueStart);
    members.push({ name, start: at, valueStart, end: beforeSpace(json, next) });
    at = next;
    if (json.charCodeAt(next) !== COMMA) break;
    at = afterSpace(json, next + 1);
  }
  return { members, start, end: at + 1, inner };
}

/** Index of the comma or brace after the value that starts here. */
function endOfValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const char = json.charCodeAt(at);
    if (char === QUOTE) at = endOfString(json, at);
    else if (char === OPEN_OBJECT || char === OPEN_LIST) depth += 1;
    else if (depth === 0 && (char === COMMA || char === CLOSE_OBJECT)) return at;
    else if (char === CLOSE_OBJECT || char === CLOSE_LIST) depth -= 1;
  }
  return json.length;
}

function afterSpace(json: string, start: number): number {
  let at = start;
  while (isSpace(json.charCodeAt(at))) at += 1;
  return at;
}

function beforeSpace(json: string, end: number): number {
  let at = end;
  while (isSpace(json.charCodeAt(at - 1))) at -= 1;
  return at;
}
