import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

/** A response that departs at one point from what a well-behaved server sends. */
export interface OddResponse {
  readonly name: string;
  /** Sends the response with this JSON, to the request with this id. */
  send(response: ServerResponse, json: string, id: string | number): void;
}

type Bytes = Buffer | string;

const JSON_TYPE = { 'content-type': 'application/json' };
const STREAM_TYPE = { 'content-type': 'text/event-stream' };
const NOTICE = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}';

/** A body that differs. */
function body(name: string, of: (json: string, id: string | number) => Bytes, headers: object = {}): OddResponse {
  return {
    name,
    send: (response, json, id) => void response.writeHead(200, { ...JSON_TYPE, ...headers }).end(of(json, id)),
  };
}

/** A head that differs. */
function head(name: string, status: number, headers: Record<string, string | string[]>): OddResponse {
  return { name, send: (response, json) => void response.writeHead(status, headers).end(json) };
}

/** A stream that differs. */
function stream(name: string, of: (json: string) => Bytes, headers: object = {}): OddResponse {
  return {
    name,
    send: (response, json) => void response.writeHead(200, { ...STREAM_TYPE, ...headers }).end(of(json)),
  };
}

const event = (json: string): string => `event: message\ndata: ${json}\n\n`;
/** The id is the first number of every response here. */
const withId = (json: string, id: string | number, written: string): string =>
  json.replace(`"id":${JSON.stringify(id)}`, `"id":${written}`);

const CODINGS: Readonly<Record<string, (data: string) => Buffer>> = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  GZip: gzipSync,
  deflate: deflateSync,
  'raw deflate': deflateRawSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
  'deflate, gzip': (data) => gzipSync(deflateSync(data)),
};
const encoded = Object.entries(CODINGS).flatMap(([coding, encode]) => {
  const headers = { 'content-encoding': coding === 'raw deflate' ? 'deflate' : coding };
  return [
    body(`JSON in ${coding}`, (json) => encode(json), headers),
    stream(`a stream in ${coding}`, (json) => encode(event(json)), headers),
  ];
});

export const ODD_RESPONSES: readonly OddResponse[] = [
  body('nothing odd', (json) => json),
  stream('a stream', event),
  body('the id as a string', (json, id) => withId(json, id, `"${id}"`)),
  stream('the id as a string on a stream', (json) => event(json.replace(/"id":(\d+)/, '"id":"$1"'))),
  body('the id with spaces around', (json, id) => withId(json, id, ` ${JSON.stringify(id)} `)),
  body('the id as a decimal fraction', (json) => json.replace(/"id":(\d+)/, '"id":$1.0')),
  body('the id as another spelling of the number', (json, id) => withId(json, id, `"0${id}"`)),
  body('the id as null', (json, id) => withId(json, id, 'null')),
  body('no id', (json, id) => withId(json, id, '').replace('"id":,', '')),
  body('another id', (json, id) => withId(json, id, '4711')),
  body('a byte order mark', (json) => `\uFEFF${json}`),
  stream('a byte order mark on a stream', (json) => `\uFEFF${event(json)}`),
  body('spaces and line ends around', (json) => `\r\n\t ${json} \r\n\n`),
  body('a list with this response alone', (json) => ` [ ${json} ]\n`),
  body('a list with a notification first', (json) => `[${NOTICE},${json}]`),
  body('an empty list', () => '[]'),
  body('members beside the known ones', (json) => `${json.slice(0, -1)},"took":3}`),
  body('an error that is null', (json) => `${json.slice(0, -1)},"error":null}`),
  body('no version', (json) => json.replace('"jsonrpc":"2.0",', '')),
  body('no body', () => ''),
  body('a body that is cut', (json) => json.slice(0, -1)),
  body('another message after it', (json) => `${json}\n${NOTICE}`),
  ...encoded,
  body('a coding that is none', (json) => json, { 'content-encoding': 'utf-8' }),
  body('the coding identity', (json) => json, { 'content-encoding': 'identity' }),
  body('a coding that is not applied', (json) => json, { 'content-encoding': 'gzip' }),
  body('gzip that is cut', (json) => gzipSync(json).subarray(0, -6), { 'content-encoding': 'gzip' }),
  body('six codings', (json) => json, { 'content-encoding': 'gzip, gzip, gzip, gzip, gzip, gzip' }),
  head('a media type with a charset', 200, { 'content-type': 'application/json; charset=utf-8' }),
  head('a media type with another charset', 200, { 'content-type': 'application/json;charset=iso-8859-1' }),
  head('a media type in capitals', 200, { 'content-type': 'Application/JSON' }),
  head('a media type with a dangling semicolon', 200, { 'content-type': 'application/json;' }),
  head('no media type', 200, {}),
  head('the media type of text', 200, { 'content-type': 'text/plain' }),
  head('the media type of a JSON dialect', 200, { 'content-type': 'application/vnd.api+json' }),
  head('a media type twice', 200, { 'content-type': ['application/json', 'application/json'] }),
  head('the status 201', 201, JSON_TYPE),
  head('the status 203', 203, JSON_TYPE),
  head('the status 202', 202, JSON_TYPE),
  head('the status 204', 204, JSON_TYPE),
  {
    name: 'trailers',
    send: (response, json) => {
      response.writeHead(200, { ...JSON_TYPE, trailer: 'x-took', 'transfer-encoding': 'chunked' });
      response.write(json.slice(0, 9));
      response.addTrailers({ 'x-took': '3' });
      response.end(json.slice(9));
    },
  },
  stream('a stream of the status 200 in capitals', event, { 'content-type': 'Text/Event-Stream; Charset=UTF-8' }),
  stream('no space after the colon', (json) => `event:message\ndata:${json}\n\n`),
  stream('no name of the event', (json) => `data: ${json}\n\n`),
  stream('an empty name of the event', (json) => `event:\ndata: ${json}\n\n`),
  stream('another name of the event', (json) => `event: response\ndata: ${json}\n\n`),
  stream('CRLF', (json) => `event: message\r\ndata: ${json}\r\n\r\n`),
  stream('CR alone', (json) => `event: message\rdata: ${json}\r\r`),
  stream('comments first, and keep-alives', (json) => `: hello\n\n:\n\n: ping\n\n: ping\n\n${event(json)}: ping\n\n`),
  stream('events of another name first', (json) => `event: ping\ndata: {}\n\nevent: ping\ndata: now\n\n${event(json)}`),
  stream('events without data first', (json) => `id: 1\n\nid: 2\ndata:\n\nretry: 1000\n\n${event(json)}`),
  stream('data in several lines', (json) => `data: ${json.replaceAll(',"', ',\ndata: "')}\n\n`),
  stream('notifications first', (json) => event(NOTICE) + event(json)),
  stream('a response to another request first', (json) => event(json.replace(/"id":[^,]+/, '"id":4711')) + event(json)),
  stream('text that is no message first', (json) => `data: hello\n\n${event(json)}`),
  stream('a list on a stream', (json) => event(`[${json}]`)),
  stream('the response twice', (json) => event(json) + event(json)),
  stream('no empty line at the end', (json) => `data: ${json}\n`),
  stream('the status without a media type', event, { 'content-type': '' }),
];
