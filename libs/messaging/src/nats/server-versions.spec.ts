import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isOutdatedServer, isUsableServer, SUPPORTED_SERVERS } from './server-versions.js';

describe('versions of nats-server', () => {
  it.each(['2.11.16', '2.11.20', '2.12.7', '2.14.0', '2.14.0-RC.1', '2.15.2', '3.0.0'])(
    '%s is supported',
    (version) => {
      expect([isUsableServer(version), isOutdatedServer(version)]).toEqual([true, false]);
    },
  );

  it.each(['2.9.10', '2.10.29', '2.11.15', '2.12.6', '2.13.0', '2.12'])('%s is used, and too old', (version) => {
    expect([isUsableServer(version), isOutdatedServer(version)]).toEqual([true, true]);
  });

  it.each(['2.8.4', '1.4.1', '', 'new'])('%j can not be used', (version) => {
    expect(isUsableServer(version)).toBe(false);
  });

  it('are those that the documentation names', () => {
    const page = readFileSync(new URL('../../../../docs/operations/deploy.md', import.meta.url), 'utf8');
    expect(page.replaceAll(/\s+/g, ' ')).toContain(SUPPORTED_SERVERS);
  });
});
