import { pipeline } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';

/** Each chunk is decoded as far as it goes, and a body whose last bytes are missing is no error: `fetch` does the same. */
const ZLIB = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI = { flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH };
/** Largest window of a zstd body. https://www.rfc-editor.org/rfc/rfc9659#section-3 */
const ZSTD = { params: { [constants.ZSTD_d_windowLogMax]: 23 } };
/** A body with more codings is not decoded. */
const MAX_CODINGS = 5;
/**
 * Bytes between two codings of one body: their number, and so the time that they cost, would grow by a thousand with each
 * coding. A body with one coding never has them.
 */
const MAX_BYTES_BETWEEN = 16 * 1024 * 1024;
/** The low bits of a zlib header; raw deflate, which some servers send as `deflate`, begins otherwise. */
const ZLIB_METHOD = 0x08;

type Decoder = NodeJS.ReadWriteStream & AsyncIterable<Buffer>;

/** How to decode each content coding, by the first byte of the body. */
const DECODERS = new Map<string, (first: number) => Decoder>([
  ['gzip', () => createGunzip(ZLIB)],
  ['x-gzip', () => createGunzip(ZLIB)],
  ['deflate', (first) => ((first & 0x0f) === ZLIB_METHOD ? createInflate(ZLIB) : createInflateRaw(ZLIB))],
  ['br', () => createBrotliDecompress(BROTLI)],
  ['zstd', () => createZstdDecompress(ZSTD)],
]);

/** A body is not what its content coding says. */
export class UndecodableBody extends Error {
  override readonly name = 'UndecodableBody';
  readonly code = 'undecodable_body';
}

/**
 * The content codings of a body, in the order in which they were applied (RFC 9110, section 8.4). Empty if the body can be
 * read as it is; also if a coding is unknown: `fetch`, and so every client of the official SDKs, reads such a body as it is.
 */
export function contentCodings(header: string | string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  const codings = String(header)
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim());
  return codings.every((coding) => DECODERS.has(coding)) ? codings : [];
}

/**
 * Decodes a body chunk by chunk, and passes on at once what can be decoded of each. How many bytes a body decodes to is not
 * limited here: nothing is decoded that is not read, and its reader counts the bytes. Nobody reads what is between two codings,
 * so that is limited.
 * @throws UndecodableBody from the iterator, and what the body itself throws
 */
export function decoded(body: AsyncIterable<Buffer>, codings: readonly string[]): AsyncIterable<Buffer> {
  const isAllowed = codings.length <= MAX_CODINGS;
  const decode = (coded: AsyncIterable<Buffer>, coding: string, at: number): AsyncIterable<Buffer> =>
    decodedOnce(at === 0 ? coded : bounded(coded), coding, isAllowed);
  return codings.toReversed().reduce(decode, body);
}

async function* bounded(coded: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of coded) {
    length += chunk.length;
    if (length > MAX_BYTES_BETWEEN) throw new UndecodableBody('too long between two content codings');
    yield chunk;
  }
}

async function* decodedOnce(coded: AsyncIterable<Buffer>, coding: string, isAllowed: boolean): AsyncGenerator<Buffer> {
  if (!isAllowed) throw new UndecodableBody('too many content codings');
  const source = new Source(coded);
  const first = await source.firstByte();
  const decoder = first === undefined ? undefined : DECODERS.get(coding)?.(first);
  if (!decoder) return;
  try {
    pipeline(source.chunks(), decoder, () => undefined);
    yield* decoder;
  } catch (error) {
    if (source.hasFailed) throw error;
    throw new UndecodableBody('not decodable', { cause: error });
  }
}

/** The coded chunks, of which the first byte may be read beforehand. */
class Source {
  /** Reading the chunks failed. */
  hasFailed = false;
  private readonly iterator: AsyncIterator<Buffer>;
  private first: Buffer | undefined;

  constructor(coded: AsyncIterable<Buffer>) {
    this.iterator = coded[Symbol.asyncIterator]();
  }

  /** Undefined for an empty body. */
  async firstByte(): Promise<number | undefined> {
    for (let next = await this.iterator.next(); next.done !== true; next = await this.iterator.next()) {
      this.first = next.value;
      if (this.first.length > 0) return this.first[0];
    }
    return undefined;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    if (this.first) yield this.first;
    try {
      for (let next = await this.iterator.next(); next.done !== true; next = await this.iterator.next()) {
        yield next.value;
      }
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }
}
