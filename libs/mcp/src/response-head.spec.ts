import { describe, expect, it } from 'vitest';
import { isGetStream, responseKind } from './response-head.js';

describe('the head of a response', () => {
  it.each([
    [200, 'application/json', 'json'],
    [201, 'Application/JSON ; charset=utf-8', 'json'],
    [299, 'application/json;', 'json'],
    [200, 'text/event-stream;charset=utf-8', 'event-stream'],
    [200, undefined, 'other'],
    [200, '', 'other'],
    [200, 'text/plain; a=application/json', 'other'],
    [200, 'application/json, application/json', 'other'],
    [200, ['application/json', 'application/json'], 'other'],
    [202, 'application/json', 'error'],
    [204, undefined, 'error'],
    [199, 'application/json', 'error'],
    [300, 'application/json', 'error'],
    [404, 'text/html', 'error'],
  ] as const)('%s with %s says how its body is read: %s', (status, type, kind) => {
    const headers = type === undefined ? {} : { 'content-type': typeof type === 'string' ? type : [...type] };
    expect(responseKind(status, headers)).toBe(kind);
  });

  it.each([
    [200, { 'content-type': 'text/event-stream' }, true],
    [200, {}, true],
    [200, { 'content-length': '0' }, false],
    [200, { 'content-type': 'text/html' }, false],
    [202, { 'content-type': 'text/event-stream' }, false],
    [405, {}, false],
  ])('%s with %j to a GET is a stream: %s', (status, headers, is) => {
    expect(isGetStream(status, headers)).toBe(is);
  });
});
