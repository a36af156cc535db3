import type { Shape } from './shape.js';

/** What a reader may do with what it does not know. */
export interface ReaderOptions {
  /** Members that it does not know are refused instead of ignored. */
  isStrict?: boolean;
  /** Values of an enumeration that it does not know are accepted. */
  acceptsNewValues?: boolean;
}

/** Why a reader of one shape can't read all that a writer of another shape may write: one line for each path. */
export function unreadable(written: Shape, reader: Shape, options: ReaderOptions = {}): string[] {
  return [
    ...Object.keys(reader).flatMap((path) => missing(path, written, reader)),
    ...Object.keys(written).flatMap((path) => unknownAt(path, written, reader, options)),
  ];
}

function missing(path: string, written: Shape, reader: Shape): string[] {
  const isNeeded = markOf(reader[path]) === '' && !isElement(path);
  if (!isNeeded || !isThere(parentOf(path), written)) return [];
  if (written[path] === undefined) return [`${path}: is required, and not written`];
  return markOf(written[path]) === '?' ? [`${path}: is required, and not always written`] : [];
}

function unknownAt(path: string, written: Shape, reader: Shape, options: ReaderOptions): string[] {
  const known = reader[path];
  if (known === undefined) {
    const isRefused =
      options.isStrict === true && isThere(parentOf(path), reader) && !isAnyJson(parentOf(path), reader);
    return isRefused ? [`${path}: is unknown, and refused`] : [];
  }
  const types = typesOf(known);
  const odd = typesOf(written[path]).filter((type) => !accepts(types, type, options));
  return odd.length > 0 ? [`${path}: ${odd.join(', ')} where only ${types.join(', ')} is known`] : [];
}

function accepts(known: string[], type: string, { acceptsNewValues }: ReaderOptions): boolean {
  if (known.includes(type) || known.includes('json')) return true;
  if (type === 'json') return known.includes('object');
  if (/^-?\d/.test(type)) return known.includes('number');
  if (!type.startsWith('"')) return false;
  return known.includes('string') || (acceptsNewValues === true && known.some((each) => each.startsWith('"')));
}

function markOf(text = ''): string {
  return /^([?=]) /.exec(text)?.[1] ?? '';
}

function typesOf(text = ''): string[] {
  return text.replace(/^[?=] /, '').split(' | ');
}

function isElement(path: string): boolean {
  return path.endsWith('[]') || path.endsWith('{}');
}

function parentOf(path: string): string {
  return isElement(path) ? path.slice(0, -2) : path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

function isThere(path: string, shape: Shape): boolean {
  return path === '' || path in shape;
}

function isAnyJson(path: string, shape: Shape): boolean {
  return typesOf(shape[path]).includes('json');
}
