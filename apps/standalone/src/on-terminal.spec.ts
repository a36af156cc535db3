import { describe, expect, it } from 'vitest';
import { quietly, startText } from './on-terminal.js';

describe('a start on a terminal', () => {
  it('logs warnings only, unless a level is set', () => {
    expect(quietly({ HOST: '::1' })).toEqual({ HOST: '::1', LETHE_LOG_LEVEL: 'warn' });
    expect(quietly({ LETHE_LOG_LEVEL: '' })).toEqual({ LETHE_LOG_LEVEL: 'warn' });
    expect(quietly({ LETHE_LOG_LEVEL: 'debug' })).toEqual({ LETHE_LOG_LEVEL: 'debug' });
  });

  it('says in words where everything is', () => {
    const close = (): Promise<void> => Promise.resolve();
    const started = { url: 'http://127.0.0.1:4400', proxyUrl: 'http://127.0.0.1:4500', home: '/x/.lethe', close };
    const text = startText({ ...started, consoleUrl: 'http://127.0.0.1:4400/console/' });
    expect(text).toContain('console          http://127.0.0.1:4400/console/');
    expect(startText({ ...started, consoleUrl: undefined })).not.toContain('console');
    expect(text).toContain('http://127.0.0.1:4400/docs (token in /x/.lethe/admin-token)');
    expect(text).toContain('http://127.0.0.1:4500/servers/<slug>/mcp');
  });
});
