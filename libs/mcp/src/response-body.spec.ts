import { describe, expect, it } from 'vitest';
import { eventMessage, isErrorFor, isIdOf, isResponseTo, messageText } from './response-body.js';

describe('the id of a response', () => {
  it.each([
    [7, 7, true],
    ['7', 7, true],
    ['a', 'a', true],
    ['07', 7, false],
    [' 7', 7, false],
    ['', 0, false],
    [null, 0, false],
    [undefined, 0, false],
    [7, '7', false],
    [true, 1, false],
  ])('%j is that of request %j: %s', (given, id, is) => {
    expect(isIdOf(given, id)).toBe(is);
    expect(isResponseTo(id, { id: given ?? null, result: {} })).toBe(is);
  });

  it('may be missing in an error, and not in a result', () => {
    const error = { code: 1, message: '' };
    for (const message of [{ error }, { id: null, error }, { id: '7', error }])
      expect(isErrorFor(7, message)).toBe(true);
    for (const message of [{ id: 8, error }, { id: 7, error: null }, { id: 7, result: {} }, [], null]) {
      expect(isErrorFor(7, message)).toBe(false);
    }
    expect(isResponseTo(7, { result: {} })).toBe(false);
  });
});

describe('the message in a body', () => {
  it.each([
    ['{"id":1}', '{"id":1}'],
    ['\ufeff{"id":1}', '{"id":1}'],
    ['[{"id":1}]', '{"id":1}'],
    ['\ufeff \r\n[ {"a":[1,"]"]} ]\n', ' {"a":[1,"]"]} '],
    ['[1,2]', '[1,2]'],
    ['[]', '[]'],
    ['[1', '[1'],
    ['', ''],
  ])('%j is %j', (body, message) => {
    expect(messageText(body)).toBe(message);
  });
});

describe('the message in an event', () => {
  const event = { event: undefined, data: '{}', id: '1', retryMs: undefined };

  it('is its data, unless the event has another type', () => {
    for (const type of [undefined, '', 'message']) expect(eventMessage({ ...event, event: type })).toBe('{}');
    for (const type of ['ping', 'endpoint', 'Message']) expect(eventMessage({ ...event, event: type })).toBeUndefined();
  });

  it('is nothing without data', () => {
    for (const data of [undefined, '']) expect(eventMessage({ ...event, data })).toBeUndefined();
  });
});
