import { describe, expect, it } from 'vitest';
import { answerIn, ByteBudget, decodeMessage, readStreamedResponse, readText } from './response-body.js';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';

async function* chunks(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

const uncounted = (): void => undefined;
const answer = '{"jsonrpc":"2.0","id":7,"result":{}}';

describe('reading a streamed response', () => {
  it('returns the response to its own request, among other messages and however the bytes are split', async () => {
    const other = 'data: {"jsonrpc":"2.0","id":8,"result":{}}\n\n';
    const notice = 'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n';
    const stream = `: hi\n\nid: 1\n\n${notice}${other}event: message\ndata: ${answer}\n\n`;
    for (const size of [1, 7, stream.length]) {
      const pieces = stream.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      expect(await readStreamedResponse(chunks(...pieces), 7, uncounted)).toBe(answer);
    }
  });

  it('ends with upstream_closed when the stream ends without it', async () => {
    await expect(readStreamedResponse(chunks(': nothing\n\n'), 7, uncounted)).rejects.toMatchObject({
      code: 'upstream_closed',
    });
  });
});

describe('the byte budget', () => {
  it('limits one response, and all responses together', async () => {
    const piece = 'x'.repeat(HANDSHAKE_LIMITS.maxResponseBytes / 2);
    const tooLarge = { code: 'upstream_too_large' };
    await expect(readText(chunks(piece, piece, 'x'), new ByteBudget().startResponse())).rejects.toMatchObject(tooLarge);
    const budget = new ByteBudget();
    expect(await readText(chunks(piece, piece), budget.startResponse())).toHaveLength(
      HANDSHAKE_LIMITS.maxResponseBytes,
    );
    await expect(readText(chunks(piece, 'x'), budget.startResponse())).rejects.toMatchObject(tooLarge);
  });
});

describe('a response', () => {
  it('has the id of its request', () => {
    for (const json of [answer, '{"id":"7","result":{}}', '{"id":7,"error":{}}']) {
      expect(answerIn(json, 'json', 7)).toEqual(JSON.parse(json));
    }
    for (const json of ['{"id":8,"result":{}}', '{"id":7,"method":"ping"}', '{"error":{}}', '{"result":{}}']) {
      expect(answerIn(json, 'json', 7)).toBeUndefined();
    }
  });

  it('is an error with an HTTP status of failure, and may have no id then', () => {
    expect(answerIn('{"id":null,"error":{}}', 'error', 7)).toEqual({ id: null, error: {} });
    for (const json of [answer, '{"id":8,"error":{}}']) expect(answerIn(json, 'error', 7)).toBeUndefined();
  });

  it('is undefined when it is not an object, not JSON, or nested too deeply', () => {
    for (const text of ['[]', '"x"', 'null', '{', '', '<html>']) expect(decodeMessage(text)).toBeUndefined();
    expect(decodeMessage(`{"a":${'['.repeat(300)}${']'.repeat(300)}}`)).toBeUndefined();
  });
});
