import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

/** A response that departs at one point from what a well-behaved server sends. */
export interface OddResponse {
  readonly name: string;
  /** Sends the response with this JSON. */
  send(response: ServerResponse, json: string): void;
}

type Bytes = Buffer | string;
type Change = (json: string) => Bytes;

const JSON_TYPE = { 'content-type': 'application/json' };
const STREAM_TYPE = { 'content-type': 'text/event-stream' };
const NOTICE = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}';

const event = (json: string): string => `event: message\ndata: ${json}\n\n`;
/** The response with another id, made from the JSON of its id. */
const withId = (json: string, change: (id: string) => string): string =>
  json.replace(/"id":("[^"]*"|\d+)/, (_member, id: string) => `"id":${change(id)}`);
const quoted = (id: string): string => `"${id.replaceAll('"', '')}"`;

function body(name: string, change: Change, headers: object = {}): OddResponse {
  return {
    name,
    send: (response, json) => void response.writeHead(200, { ...JSON_TYPE, ...headers }).end(change(json)),
  };
}

function stream(name: string, change: Change, headers: object = {}): OddResponse {
  return body(name, change, { ...STREAM_TYPE, ...headers });
}

function head(name: string, status: number, headers: Record<string, string | string[]>): OddResponse {
  return { name, send: (response, json) => void response.writeHead(status, headers).end(json) };
}

const CODINGS: readonly (readonly [name: string, header: string, encode: (data: string) => Buffer])[] = [
  ['gzip', 'gzip', gzipSync],
  ['gzip by its old name', 'X-GZip', gzipSync],
  ['deflate', 'deflate', deflateSync],
  ['raw deflate', 'deflate', deflateRawSync],
  ['br', 'br', brotliCompressSync],
  ['zstd', 'zstd', zstdCompressSync],
  ['two codings', 'deflate, gzip', (data) => gzipSync(deflateSync(data))],
];
const encoded = CODINGS.flatMap(([name, header, encode]) => [
  body(`JSON in ${name}`, encode, { 'content-encoding': header }),
  stream(`a stream in ${name}`, (json) => encode(event(json)), { 'content-encoding': header }),
]);

/** What clients of the official SDKs (sdk 1.32.2, client 2.4.0) accept. */
export const ACCEPTED: readonly OddResponse[] = [
  body('nothing odd', (json) => json),
  stream('a stream', event),
  body('the id as a string', (json) => withId(json, quoted)),
  stream('the id as a string on a stream', (json) => event(withId(json, quoted))),
  body('spaces around the id', (json) => withId(json, (id) => ` ${id} `)),
  body('the id as a decimal fraction', (json) => withId(json, (id) => (id.startsWith('"') ? id : `${id}.0`))),
  body('a byte order mark', (json) => `\ufeff${json}`),
  stream('a byte order mark on a stream', (json) => `\ufeff${event(json)}`),
  body('spaces and line ends around', (json) => `\r\n\t ${json} \r\n\n`),
  body('a list with this response alone', (json) => ` [ ${json} ]\n`),
  body('a byte order mark, a list and a string id', (json) => `\ufeff[${withId(json, quoted)}]`),
  ...encoded,
  body('gzip that is cut', (json) => gzipSync(json).subarray(0, -6), { 'content-encoding': 'gzip' }),
  body('a coding that is none', (json) => json, { 'content-encoding': 'utf-8' }),
  body('the coding identity', (json) => json, { 'content-encoding': 'identity' }),
  head('a media type with a charset', 200, { 'content-type': 'application/json; charset=utf-8' }),
  head('a media type with another charset', 200, { 'content-type': 'application/json;charset=iso-8859-1' }),
  head('a media type in capitals', 200, { 'content-type': 'Application/JSON' }),
  head('a media type with a dangling semicolon', 200, { 'content-type': 'application/json;' }),
  stream('a stream in capitals', event, { 'content-type': 'Text/Event-Stream; Charset=UTF-8' }),
  head('the status 201', 201, JSON_TYPE),
  head('the status 203', 203, JSON_TYPE),
  {
    name: 'trailers',
    send: (response, json) => {
      response.writeHead(200, { ...JSON_TYPE, trailer: 'x-took', 'transfer-encoding': 'chunked' });
      response.write(json.slice(0, 9));
      response.addTrailers({ 'x-took': '3' });
      response.end(json.slice(9));
    },
  },
  stream('no space after the colon', (json) => `event:message\ndata:${json}\n\n`),
  stream('no type of the event', (json) => `data: ${json}\n\n`),
  stream('an empty type of the event', (json) => `event:\ndata: ${json}\n\n`),
  stream('CRLF', (json) => `event: message\r\ndata: ${json}\r\n\r\n`),
  stream('comments first, and keep-alives', (json) => `: hello\n\n:\n\n: ping\n\n: ping\n\n${event(json)}: ping\n\n`),
  stream('events of another type first', (json) => `event: ping\ndata: {}\n\nevent: ping\ndata: now\n\n${event(json)}`),
  stream('events without data first', (json) => `id: 1\n\nid: 2\ndata:\n\nretry: 1000\n\n${event(json)}`),
  stream('data in several lines', (json) => `data: ${json.replaceAll(',"', ',\ndata: "')}\n\n`),
  stream('notifications first', (json) => event(NOTICE) + event(json)),
  stream('a response to another request first', (json) => event(withId(json, () => '4711')) + event(json)),
  stream('text that is no message first', (json) => `data: hello\n\n${event(json)}`),
  stream('the response twice', (json) => event(json) + event(json)),
];

/** What they don't accept: the call fails, or waits in vain. */
export const REFUSED: readonly OddResponse[] = [
  body('the id as null', (json) => withId(json, () => 'null')),
  body('no id', (json) => json.replace(/"id":[^,]+,/, '')),
  body('another id', (json) => withId(json, () => '4711')),
  body('an empty list', () => '[]'),
  body('no body', () => ''),
  body('a body that is cut', (json) => json.slice(0, -1)),
  body('another message after it', (json) => `${json}\n${NOTICE}`),
  body('a coding that is not applied', (json) => json, { 'content-encoding': 'gzip' }),
  body('six codings', (json) => json, { 'content-encoding': 'gzip, gzip, gzip, gzip, gzip, gzip' }),
  head('no media type', 200, {}),
  head('an empty media type', 200, { 'content-type': '' }),
  head('the media type of text', 200, { 'content-type': 'text/plain' }),
  head('the media type of a JSON dialect', 200, { 'content-type': 'application/vnd.api+json' }),
  head('a media type twice', 200, { 'content-type': ['application/json', 'application/json'] }),
  head('the status 202', 202, JSON_TYPE),
  head('the status 204', 204, JSON_TYPE),
  stream('another type of the event', (json) => `event: response\ndata: ${json}\n\n`),
  stream('a list on a stream', (json) => event(`[${json}]`)),
  stream('no empty line at the end', (json) => `data: ${json}\n`),
];

/** Members that the schemas of the SDKs don't accept. A translated call is read by Lethe, which does not look at them. */
export const REFUSED_BY_SCHEMAS: readonly OddResponse[] = [
  body('members beside the known ones', (json) => `${json.slice(0, -1)},"took":3}`),
  body('an error that is null', (json) => `${json.slice(0, -1)},"error":null}`),
  body('no version', (json) => json.replace('"jsonrpc":"2.0",', '')),
];

/** What they accept and Lethe does not; docs/operations/eras.md says why. */
export const REFUSED_BY_LETHE: readonly OddResponse[] = [
  body('a list with a notification first', (json) => `[${NOTICE},${json}]`),
  {
    name: 'a redirect within the origin',
    send: (response, json) => {
      if (response.req.url === '/elsewhere') response.writeHead(200, JSON_TYPE).end(json);
      else response.writeHead(307, { location: '/elsewhere' }).end();
    },
  },
];
