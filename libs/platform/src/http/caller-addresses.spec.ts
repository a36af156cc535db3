import { describe, expect, it } from 'vitest';
import { CallerAddresses } from './caller-addresses.js';

describe('the address of a caller', () => {
  const addresses = new CallerAddresses(['10.0.0.0/8']);
  const headers = (...hops: string[]) => hops.flatMap((hop) => ['X-Forwarded-For', hop]);

  it('is that of the connection, found once', () => {
    let asked = 0;
    const socket = {
      get remoteAddress() {
        asked += 1;
        return '::ffff:192.0.2.1';
      },
    };
    for (let n = 0; n < 3; n++) {
      expect(addresses.of({ socket, rawHeaders: headers('203.0.113.9') })).toBe('192.0.2.1');
    }
    expect(asked).toBe(1);
  });

  it('is asked for each request of a trusted proxy, whose connection has those of many', () => {
    const socket = { remoteAddress: '10.0.0.1' };
    expect(addresses.of({ socket, rawHeaders: headers('203.0.113.9') })).toBe('203.0.113.9');
    expect(addresses.of({ socket, rawHeaders: headers('1.1.1.1', '203.0.113.10, 10.0.0.2') })).toBe('203.0.113.10');
    expect(addresses.of({ socket, rawHeaders: [] })).toBe('10.0.0.1');
  });

  it('is empty for a connection that is gone, and not remembered so', () => {
    const socket: { remoteAddress: string | undefined } = { remoteAddress: undefined };
    expect(addresses.of({ socket, rawHeaders: [] })).toBe('');
    socket.remoteAddress = '192.0.2.1';
    expect(addresses.of({ socket, rawHeaders: [] })).toBe('192.0.2.1');
  });
});
