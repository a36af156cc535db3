import { describe, expect, it } from 'vitest';
import { ResponseIdScanner, type NotTheResponse } from './response-id-scanner.js';

/** What a scan says of a text, given to it in pieces of one size. */
function scanned(
  text: string,
  size: number,
  id: string | number,
): { problem: NotTheResponse | undefined; isWhole: boolean } {
  const scan = new ResponseIdScanner(id);
  const bytes = Buffer.from(text);
  let problem: NotTheResponse | undefined;
  for (let at = 0; at < bytes.length; at += size) problem ??= scan.push(bytes.subarray(at, at + size));
  return { problem, isWhole: scan.isWhole };
}

const SIZES = [1, 2, 3, 5, 7, 1_000_000];

describe('the scan of a response', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":1,"result":{}}', 1],
    [' {"result" : {"id":2,"method":"x","a":["}",{"id":3}]},"jsonrpc":"2.0", "id" : 1 } \r\n', 1],
    ['{"result":{"t":"\\\\\\"},\\"id\\":2,\\\\"},"id":1}', 1],
    [String.raw`{"\u0069d":1.0e0,"error":{"code":1,"message":"\\"}}`, 1],
    ['{"id":"grü\\u00dfe","result":{}}', 'grüße'],
    ['{"id":"}\\",","result":null}', '}",'],
  ])('lets %s pass, wherever its chunks are cut', (text, id) => {
    for (const size of SIZES) expect(scanned(text, size, id)).toEqual({ problem: undefined, isWhole: true });
  });

  it.each([
    ['{"jsonrpc":"2.0","id":2,"result":{}}', 'wrong_id'],
    ['{"jsonrpc":"2.0","id":"1","result":{}}', 'wrong_id'],
    ['{"result":{"id":1}}', 'wrong_id'],
    ['{"id":1,"result":{},"id":2}', 'wrong_id'],
    ['{"id":null,"error":{"code":1,"message":""}}', 'wrong_id'],
    ['{"id":[1],"result":{}}', 'wrong_id'],
    [String.raw`{"id":1,"result":{},"\u0069\u0064":2}`, 'wrong_id'],
    ['{"id":1,"method":"elicitation/create","params":{}}', 'wrong_id'],
    ['[{"id":1,"result":{}}]', 'not_json'],
    ['\ufeff{"id":1,"result":{}}', 'not_json'],
    ['{"id":1,"result":{}}{"id":2,"result":{}}', 'not_json'],
    ['<html>', 'not_json'],
    ['"id"', 'not_json'],
    [`{"id":${'1'.repeat(500)},"result":{}}`, 'wrong_id'],
  ])('stops at %s, wherever its chunks are cut', (text, problem) => {
    for (const size of SIZES) expect(scanned(text, size, 1).problem).toBe(problem);
  });

  it('reads no string inside the result as the end of it, however long and escaped', () => {
    const pieces = ['"', '\\', '\\"', '{"id":2}', 'x'.repeat(47), 'x'.repeat(200), '}', ',"id":2', 'é', '\n'];
    for (let n = 0; n < 300; n++) {
      const text = Array.from({ length: n % 9 }, (_, at) => pieces[(n * 7 + at * 3) % pieces.length]).join('');
      const answer = (id: number) => JSON.stringify({ result: { [text]: [text] }, [`x${text}`]: text, id, y: text });
      for (const size of [1, 3, 50, 64]) {
        expect(scanned(answer(1), size, 1), text).toEqual({ problem: undefined, isWhole: true });
        expect(scanned(answer(2), size, 1).problem, text).toBe('wrong_id');
      }
    }
  });

  it('says when a response is not whole', () => {
    for (const text of ['', '{"id":1,"result":{}', '{"id":1,"result":{"a":"}']) {
      expect(scanned(text, 1, 1)).toEqual({ problem: undefined, isWhole: false });
    }
  });
});
