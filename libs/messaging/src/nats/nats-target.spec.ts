import { describe, expect, it } from 'vitest';
import { natsTarget } from './nats-target.js';

describe('natsTarget', () => {
  it('takes servers, and the user of the first', () => {
    expect(natsTarget('nats://registry:p%40ss%2F1@a:4333, nats://b')).toEqual({
      servers: ['a:4333', 'b:4222'],
      user: 'registry',
      pass: 'p@ss/1',
    });
  });

  it('takes TLS from the scheme, and addresses of version 6', () => {
    expect(natsTarget('tls://[::1]:4443')).toEqual({ servers: ['[::1]:4443'], tls: {} });
  });

  it.each(['http://u:S3cret@h', 'S3cret', '', 'nats://a,S3cret'])('refuses %s without repeating it', (url) => {
    expect(() => natsTarget(url)).toThrow(/^NATS_URL: not a nats/);
    expect(() => natsTarget(url)).not.toThrow(/S3cret/);
  });
});
