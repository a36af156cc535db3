import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettings, SETTINGS_TABLE } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { OTHERS, shownSettings } from './shown-settings.js';

const shown = (env: Record<string, string> = {}) =>
  new Map(shownSettings(readSettings(env)).map((view) => [view.name, view]));
const SEPARATE = { DATABASE_URL: 'postgres://u@h/d', NATS_URL: 'nats://h' };

describe('shownSettings', () => {
  it('shows what is in force, what is set and what is the default', () => {
    const views = shown({ REGISTRY_PORT: '4400', LETHE_SLOT_TTL_SECONDS: '9', LETHE_DOOR: 'off' });
    expect(views.get('REGISTRY_PORT')).toMatchObject({ value: '4400', default: '4400', isSet: true, isDefault: true });
    expect(views.get('LETHE_SLOT_TTL_SECONDS')).toMatchObject({ value: '9', default: '60', isDefault: false });
    expect(views.get('LETHE_PUBLIC_URL')).toMatchObject({ value: null, default: null, isSet: false, isDefault: true });
    expect(views.get('LETHE_DOOR')).toMatchObject({ value: 'off', isSet: true, isDefault: false });
    expect(views.get('LETHE_ALLOWED_UPSTREAMS')).toMatchObject({ value: '127.0.0.0/8,::1,localhost', isDefault: true });
    expect(views.get('LETHE_CONSOLE')).toMatchObject({ value: 'on', group: 'console', isSecret: false });
  });

  it('shows what has a form of its own as it was written', () => {
    const roles = 'groups:platform-admins=admin,*=viewer';
    const issuer = { LETHE_ADMIN_OIDC_ISSUER: 'https://login.example.com', LETHE_ADMIN_OIDC_AUDIENCE: 'lethe' };
    expect(shown({ ...issuer, LETHE_ADMIN_OIDC_ROLES: roles }).get('LETHE_ADMIN_OIDC_ROLES')?.value).toBe(roles);
  });

  it('says of a secret that it is set, and nothing of it, however it is written', () => {
    const secret = randomBytes(12).toString('hex');
    const env = {
      DATABASE_URL: `postgres://u:${secret}@h/d`,
      NATS_URL: `nats://u:${secret}@h`,
      LETHE_ADMIN_TOKEN_FILE: `/${secret}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://h/${secret}`,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `https://h/?key=${secret}`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${secret}`,
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: `authorization=${secret}`,
    };
    const settings = readSettings(env);
    expect(JSON.stringify(shownSettings(settings))).not.toContain(secret);
    expect(JSON.stringify([...settings.given])).not.toContain(secret);
    for (const name of Object.keys(env))
      expect(shown(env).get(name)).toMatchObject({ value: null, isSet: true, isDefault: false, isSecret: true });
  });

  it('has all settings of one process, and those of the registry alone where it is one of its own', () => {
    expect(shown().size).toBe(SETTINGS_TABLE.length);
    expect(shown(SEPARATE).size).toBe(SETTINGS_TABLE.length - OTHERS.size);
    expect([...shown(SEPARATE).keys()]).not.toContain('PROXY_PORT');
  });

  it('leaves out none that the registry reads', () => {
    const folder = fileURLToPath(new URL('..', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(?<!\.spec)\.ts$/.test(name),
    );
    const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    const destructured = [...text.matchAll(/\{([^{}]*)\}(?:: Settings\b|\s*= (?:this\.|parts\.)?settings\b)/g)];
    const members = destructured.flatMap(([, names = '']) => [...names.matchAll(/(\w+)(?::|,|\s*$)/g)]);
    const picked = [...text.matchAll(/Pick<Settings, ([^>]*)>/g)].flatMap(([, names = '']) => [
      ...names.matchAll(/'(\w+)'/g),
    ]);
    const read = new Set([...members, ...picked, ...text.matchAll(/settings\.(\w+)/gi)].map(([, name = '']) => name));
    for (const member of ['publicUrl', 'maxHeaderKib', 'trustedProxies', 'drainSeconds'])
      expect(read).toContain(member);
    expect([...OTHERS].filter((member) => read.has(member))).toEqual([]);
    expect([...OTHERS].filter((member) => !SETTINGS_TABLE.some((row) => row.member === member))).toEqual([]);
  });
});
