import { describe, expect, it } from 'vitest';
import { readDoorHead } from './door-head.js';

const HOSTS = ['127.0.0.1:4600', 'localhost:4600'];
const GOOD = [
  'PUT /slots/0123abcd HTTP/1.1',
  'Host: localhost:4600',
  'Content-Type: application/json; charset=utf-8',
  'Content-Length: 42',
  'User-Agent: curl/8',
];
const read = (...lines: string[]) => readDoorHead(lines.join('\r\n'), HOSTS);
const without = (name: string): string[] => GOOD.filter((line) => !line.startsWith(name));

describe('the head of a request to the door', () => {
  it('is read', () => {
    expect(read(...GOOD)).toEqual({ slot: '0123abcd', contentLength: 42, expectsContinue: false });
    expect(read(...GOOD, 'Expect: 100-continue')).toMatchObject({ expectsContinue: true });
  });

  it.each<[string, string[]]>([
    ['bad_request', []],
    ['bad_request', ['PUT /slots/0123abcd', ...GOOD.slice(1)]],
    ['bad_request', ['PUT  /slots/0123abcd HTTP/1.1', ...GOOD.slice(1)]],
    ['bad_request', ['PUT /slots/0123abcd HTTP/2', ...GOOD.slice(1)]],
    ['bad_request', [...GOOD, ' folded: line']],
    ['bad_request', [...GOOD, 'Space : before']],
    ['bad_request', [...GOOD, 'Bare: lf\nX: y']],
    ['bad_request', [...GOOD, 'Eight: \u00e9']],
    ['bad_request', [...GOOD, 'CONTENT-LENGTH: 42']],
    ['bad_request', [...GOOD, 'Transfer-Encoding: identity']],
    ['bad_request', [...GOOD, 'Content-Encoding: gzip']],
    ['bad_request', [...without('Content-Length'), 'Content-Length: +42']],
    ['bad_request', [...without('Content-Length'), 'Content-Length: 0x2a']],
    ['host_forbidden', without('Host')],
    ['host_forbidden', [...without('Host'), 'Host: localhost']],
    ['host_forbidden', [...without('Host'), 'Host: user@localhost:4600']],
    ['origin_forbidden', [...GOOD, 'Origin: null']],
    ['method_not_allowed', ['PUT http://localhost:4600/slots/0123abcd HTTP/1.1', ...GOOD.slice(1)]],
    ['method_not_allowed', ['PUT /slots/../x HTTP/1.1', ...GOOD.slice(1)]],
    ['method_not_allowed', ['PUT /slots/a?b HTTP/1.1', ...GOOD.slice(1)]],
    ['method_not_allowed', ['GET /slots/0123abcd HTTP/1.1', ...GOOD.slice(1)]],
    ['length_required', without('Content-Length')],
    ['payload_too_large', [...without('Content-Length'), 'Content-Length: 16385']],
    ['unsupported_media_type', without('Content-Type')],
    ['unsupported_media_type', [...without('Content-Type'), 'Content-Type: application/jsonp']],
  ])('is refused as %s: %j', (problem, lines) => {
    expect(read(...lines)).toBe(problem);
  });
});
