import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { envExample } from './env-example.js';
import { SETTINGS_TABLE } from './settings-table.js';
import { ROLE_CLAIMS_RULE } from './role-claims.js';
import { readSettings } from './settings.config.js';

const OIDC = {
  LETHE_ADMIN_OIDC_ISSUER: 'https://login.example.com',
  LETHE_ADMIN_OIDC_AUDIENCE: 'lethe',
  LETHE_ADMIN_OIDC_ROLES: 'groups:a=admin',
};
const SEPARATE = { DATABASE_URL: 'postgres://u:p@h/d', NATS_URL: 'nats://u:p@h' };

describe('readSettings', () => {
  it('runs embedded on loopback when nothing is set', () => {
    expect(readSettings({})).toMatchObject({
      home: resolve('.lethe'),
      host: '127.0.0.1',
      registryPort: 4400,
      proxyPort: 4500,
      doorPort: 4600,
      isEmbedded: true,
      door: true,
      allowedUpstreams: ['127.0.0.0/8', '::1', 'localhost'],
      allowedOrigins: [],
      logLevel: 'info',
    });
  });

  it('is frozen', () => {
    expect(Object.isFrozen(readSettings({}))).toBe(true);
  });

  it('takes an empty value for an absent one', () => {
    expect(readSettings({ NATS_URL: '', HOST: '' })).toMatchObject({ isEmbedded: true, host: '127.0.0.1' });
  });

  it('has as many workers as there are cores where that is wanted', () => {
    expect(readSettings({}).proxyWorkers).toBe(1);
    expect(readSettings({ PROXY_WORKERS: '3' }).proxyWorkers).toBe(3);
    expect(readSettings({ PROXY_WORKERS: 'auto' }).proxyWorkers).toBe(availableParallelism());
  });

  it('takes the fast HTTP path unless it is turned off', () => {
    expect(readSettings({}).proxyFastHttp).toBe(true);
    expect(readSettings({ PROXY_FAST_HTTP: 'off' }).proxyFastHttp).toBe(false);
  });

  it.each([
    ['another address', { HOST: '0.0.0.0' }],
    ['separate services', SEPARATE],
    ['off', { LETHE_DOOR: 'off' }],
  ])('keeps the door shut: %s', (_, env) => {
    expect(readSettings(env).door).toBe(false);
  });

  it('allows no private upstream by itself outside embedded mode', () => {
    expect(readSettings(SEPARATE)).toMatchObject({ isEmbedded: false, allowedUpstreams: [] });
    expect(readSettings({ ...SEPARATE, LETHE_ALLOWED_UPSTREAMS: '10.0.0.0/8, mcp.internal:81' })).toMatchObject({
      allowedUpstreams: ['10.0.0.0/8', 'mcp.internal:81'],
    });
  });

  it.each([
    [{ REGISTRY_PORT: 'S3cret' }, 'REGISTRY_PORT: must be a whole number'],
    [{ REGISTRY_PORT: '70000' }, 'REGISTRY_PORT: must be between 0 and 65535'],
    [{ PROXY_WORKERS: 'S3cret' }, 'PROXY_WORKERS: must be a whole number or auto'],
    [{ PROXY_WORKERS: '0' }, 'PROXY_WORKERS: must be between 1 and 1024'],
    [{ PROXY_FAST_HTTP: 'S3cret' }, 'PROXY_FAST_HTTP: must be on or off'],
    [{ LETHE_DOOR: 'S3cret' }, 'LETHE_DOOR: must be on or off'],
    [{ DATABASE_URL: 'S3cret' }, 'DATABASE_URL: must be a postgres:// URL'],
    [{ NATS_URL: 'http://S3cret@h' }, 'NATS_URL: must be a nats:// or tls:// URL'],
    [{ LETHE_PUBLIC_URL: 'S3cret' }, 'LETHE_PUBLIC_URL: must be an http or https URL without user and password'],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'h' },
      'OTEL_EXPORTER_OTLP_PROTOCOL: must be one of http/json, http/protobuf, grpc',
    ],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'S3cret' }, 'OTEL_EXPORTER_OTLP_HEADERS: must be name=value, separated by commas'],
    [
      { OTEL_EXPORTER_OTLP_HEADERS: 'a=S3cret%0A' },
      'OTEL_EXPORTER_OTLP_HEADERS: must be name=value, separated by commas',
    ],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.5' }, 'OTEL_TRACES_SAMPLER_ARG: must be between 0 and 1'],
    [{ LETHE_MAX_CONNECTIONS: '0' }, 'LETHE_MAX_CONNECTIONS: must be between 1 and 1000000'],
    [{ LETHE_SLOT_TTL_SECONDS: '61' }, 'LETHE_SLOT_TTL_SECONDS: must be between 1 and 60'],
    [{ LETHE_LOG_LEVEL: 'S3cret' }, 'LETHE_LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent'],
    [
      { LETHE_PUBLIC_URL: 'https://S3cret:S3cret@h' },
      'LETHE_PUBLIC_URL: must be an http or https URL without user and password',
    ],
    // `URL` takes them, and drops or encodes them; addresses are sent as they were set, in headers as well.
    ...['\r', ' ', ' /x', '/a b', '/<a>'].map((end): [Record<string, string>, string] => [
      { LETHE_PUBLIC_URL: `https://S3cret.example${end}` },
      'LETHE_PUBLIC_URL: must be an http or https URL without user and password',
    ]),
    [
      { LETHE_ALLOWED_ORIGINS: 'https://a.example, S3cret' },
      'LETHE_ALLOWED_ORIGINS: must be an http or https URL without user and password',
    ],
    [
      { ...OIDC, LETHE_ADMIN_OIDC_ISSUER: 'S3cret' },
      'LETHE_ADMIN_OIDC_ISSUER: must be an http or https URL without user and password',
    ],
    [{ ...OIDC, LETHE_ADMIN_OIDC_ROLES: 'S3cret=owner' }, `LETHE_ADMIN_OIDC_ROLES: ${ROLE_CLAIMS_RULE}`],
    [
      { LETHE_ADMIN_OIDC_AUDIENCE: 'S3cret', LETHE_ADMIN_OIDC_ROLES: '' },
      'LETHE_ADMIN_OIDC_ISSUER: required with LETHE_ADMIN_OIDC_AUDIENCE; ' +
        'LETHE_ADMIN_OIDC_ROLES: required with LETHE_ADMIN_OIDC_AUDIENCE',
    ],
    [{ ...SEPARATE, NODE_DEBUG: 'http' }, 'NODE_DEBUG: must not be set, it prints headers'],
    ...['--inspect', '--inspect-brk=S3cret', '--heapsnapshot_signal=S3cret', '--heapsnapshot-near-heap-limit=1'].map(
      (flag): [Record<string, string>, string] => [
        { ...SEPARATE, LETHE_KEPT_CREDENTIALS: 'on', NODE_OPTIONS: `--max-old-space-size=64 ${flag}` },
        `${flag.replace(/=.*/, '')}: must not be used with LETHE_KEPT_CREDENTIALS, it shows memory to others`,
      ],
    ),
  ])('stops at a bad value with its name and rule, never the value: %j', (env, line) => {
    verifies('kept.memory-guarded');
    expect(() => readSettings(env)).toThrow(new Error(line));
  });
});

describe('all wrong settings', () => {
  it('are named at once, with what a service can not do without and what is misspelt', () => {
    verifies('settings.all-at-once');
    const env = { REGISTRY_PORT: 'S3cret', LETHE_DOOR: 'S3cret', DATABASE_URL: 'postgres://h/d', NODE_DEBUG: 'http' };
    const misspelt = { LETHE_PUBLICURL: 'S3cret', LETHE_NATS_URL: 'S3cret', LETHE_KEY: 'S3cret', LETHE_DOR: '' };
    expect(() => readSettings({ ...env, ...misspelt }, { required: ['databaseUrl', 'natsUrl', 'trustDir'] })).toThrow(
      new Error(
        [
          'REGISTRY_PORT: must be a whole number',
          'LETHE_DOOR: must be on or off',
          'NATS_URL: required when this service runs as its own process',
          'LETHE_TRUST: required when this service runs as its own process',
          'NODE_DEBUG: must not be set, it prints headers',
          'LETHE_PUBLICURL: not a setting; did you mean LETHE_PUBLIC_URL?',
          'LETHE_NATS_URL: not a setting; did you mean NATS_URL?',
        ].join('; '),
      ),
    );
  });

  it('which are only misspelt stop no start, but are told', () => {
    const lines: string[] = [];
    const others = { LETHE_URL: 'x', LETHE_TOKEN: 'x', LETHE_SERVICE_HOST: 'x', LETHE_PORT: 'tcp://x' };
    readSettings({ LETHE_ALLOWED_ORIGNS: 'https://a.example', ...others }, { warn: (line) => void lines.push(line) });
    expect(lines).toEqual(['LETHE_ALLOWED_ORIGNS: not a setting; did you mean LETHE_ALLOWED_ORIGINS?']);
  });

  it('are none where everything that is required is set', () => {
    const { natsUrl, trustDir } = readSettings(
      { NATS_URL: 'nats://h', LETHE_TRUST: 'trust' },
      { required: ['natsUrl', 'trustDir'] },
    );
    expect([natsUrl.length, trustDir.length]).toEqual([8, 5]);
  });
});

describe('.env.example', () => {
  const text = envExample();
  const named = [...text.matchAll(/^(# )?([A-Z_]+)=(.*)$/gm)];

  it('is made of the table of settings (`npm run env`)', async () => {
    await expect(text).toMatchFileSnapshot('../../../.env.example');
  });

  it('names every setting once, and no other', () => {
    expect(named.map(([, , name]) => name).toSorted()).toEqual(SETTINGS_TABLE.map((row) => row.variable).toSorted());
  });

  it('shows defaults as they are, and as comments what has none', () => {
    for (const [, mark, name, value] of named) {
      const row = SETTINGS_TABLE.find(({ variable }) => variable === name);
      expect(mark === undefined ? value : undefined, name).toBe(row?.fallback);
    }
  });

  it('is a set of values that can be read', () => {
    const env: NodeJS.ProcessEnv = Object.fromEntries(named.map(([, , name, value]) => [name ?? '', value ?? '']));
    expect(readSettings(env)).toMatchObject({ isEmbedded: false, door: false, trustDir: './trust', slots: 4 });
  });
});
