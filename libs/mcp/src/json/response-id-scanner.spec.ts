import { describe, expect, it } from 'vitest';
import { ResponseIdScanner, type NotTheResponse } from './response-id-scanner.js';

/** What a scan says of a text, given to it in pieces of one size. */
function scanned(
  text: string,
  size: number,
  id: string | number,
): { problem: NotTheResponse | undefined; isWhole: boolean } {
  const { problem, isWhole } = passed(text, size, id);
  return { problem, isWhole };
}

/** The same, and the text as it is after the scan. Each piece is read when it was scanned: it may have been sent by then. */
function passed(text: string, size: number, id: string | number) {
  const scan = new ResponseIdScanner(id);
  const bytes = Buffer.from(text);
  let problem: NotTheResponse | undefined;
  const sent: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    problem ??= scan.push(piece);
    sent.push(Buffer.from(piece));
  }
  return { problem, isWhole: scan.isWhole, text: Buffer.concat(sent).toString() };
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
    ['{"jsonrpc":"2.0","id":"2","result":{}}', 'wrong_id'],
    ['{"jsonrpc":"2.0","id":"01","result":{}}', 'wrong_id'],
    [String.raw`{"jsonrpc":"2.0","id":"\u0031","result":{}}`, 'wrong_id'],
    ['{"jsonrpc":"2.0","id":"1","result":{},"id":"2"}', 'wrong_id'],
    ['{"result":{"id":1}}', 'wrong_id'],
    ['{"id":1,"result":{},"id":2}', 'wrong_id'],
    ['{"id":null,"error":{"code":1,"message":""}}', 'wrong_id'],
    ['{"id":[1],"result":{}}', 'wrong_id'],
    [String.raw`{"id":1,"result":{},"\u0069\u0064":2}`, 'wrong_id'],
    ['{"id":1,"method":"elicitation/create","params":{}}', 'wrong_id'],
    ['[{"id":1,"result":{}},{"id":2,"result":{}}]', 'not_json'],
    ['[[{"id":1,"result":{}}]]', 'not_json'],
    ['[{"id":1,"result":{}}]]', 'not_json'],
    ['{"id":1,"result":{}}]', 'not_json'],
    ['[]', 'not_json'],
    ['[{"id":2,"result":{}}]', 'wrong_id'],
    ['\ufeff\ufeff{"id":1,"result":{}}', 'not_json'],
    ['{"id":1,"result":{}}\ufeff', 'not_json'],
    ['{"id":1,"result":{}}{"id":2,"result":{}}', 'not_json'],
    ['<html>', 'not_json'],
    ['"id"', 'not_json'],
    [`{"id":${'1'.repeat(500)},"result":{}}`, 'wrong_id'],
  ])('stops at %s, wherever its chunks are cut', (text, problem) => {
    for (const size of SIZES) expect(scanned(text, size, 1).problem).toBe(problem);
  });

  it.each([
    ['{"jsonrpc":"2.0","id":"1","result":{"id":"1"}}', '{"jsonrpc":"2.0","id": 1 ,"result":{"id":"1"}}'],
    ['{"result":{}, "id" : "1" }', '{"result":{}, "id" :  1  }'],
    ['\ufeff{"id":1,"result":{}}', '   {"id":1,"result":{}}'],
    [' [ {"id":1,"result":[{}]} ]\n', '   {"id":1,"result":[{}]}  \n'],
    ['\ufeff[{"id":"1","result":{}}]', '    {"id": 1 ,"result":{}} '],
  ])('makes %s plain, wherever its chunks are cut', (text, plain) => {
    for (const size of SIZES) expect(passed(text, size, 1)).toEqual({ problem: undefined, isWhole: true, text: plain });
  });

  it('leaves a string alone that is the id', () => {
    const text = '{"id":"1","result":{}}';
    for (const size of SIZES) expect(passed(text, size, '1')).toEqual({ problem: undefined, isWhole: true, text });
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
    for (const text of ['', '{"id":1,"result":{}', '[{"id":1,"result":{}}', '{"id":1,"result":{"a":"}']) {
      expect(scanned(text, 1, 1)).toEqual({ problem: undefined, isWhole: false });
    }
  });
});
