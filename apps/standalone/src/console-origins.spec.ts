import { readSettings } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { consoleOrigins } from './console-origins.js';

const originsOf = (env: Record<string, string>, url = 'http://127.0.0.1:4400') =>
  consoleOrigins(readSettings(env), url);

describe('consoleOrigins', () => {
  it.each([
    ['127.0.0.1', ['http://localhost:4400', 'http://127.0.0.1:4400']],
    ['localhost', ['http://localhost:4400']],
    ['::1', ['http://localhost:4400', 'http://[::1]:4400']],
    ['0.0.0.0', ['http://localhost:4400', 'http://127.0.0.1:4400']],
    ['192.0.2.1', []],
  ])('are the loopback names that reach %s', (HOST, origins) => {
    expect(originsOf({ HOST })).toEqual(origins);
  });

  it('have the port that was given', () => {
    expect(originsOf({}, 'http://127.0.0.1:80')).toEqual(['http://localhost', 'http://127.0.0.1']);
  });

  it('are none where the console is switched off', () => {
    expect(originsOf({ LETHE_CONSOLE: 'off' })).toEqual([]);
  });
});
