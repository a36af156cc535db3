import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { gatewayResponse, serverResponse } from '../registry/responses.js';
import { statusResponse, type StatusResponse } from '../registry/inspection-responses.js';
import { gatewayFindings, keyFindings, serverFindings } from './content-checks.js';
import type { Finding } from './finding.js';
import { closedProxies, keptFindings, unusableIn } from './kept-checks.js';
import {
  connectorFindings,
  proxyFindings,
  publicUrlFindings,
  readinessFindings,
  trustFindings,
  versionFindings,
} from './registry-checks.js';

const NOW = new Date('2026-11-30T12:00:00Z');
const DAY_MS = 86_400_000;
const ago = (days: number) => new Date(NOW.getTime() - days * DAY_MS);
const status = (more: Partial<StatusResponse> = {}) =>
  statusResponse.parse({
    ...{ version: '1.0.0', at: NOW.toISOString(), publicUrl: null, isReady: true, checks: {}, revision: 7 },
    ...{ connectors: { live: 1, freeSlots: 2, lentSlots: 0 }, proxies: [{ host: 'a', confirmedRevision: 7 }] },
    ...more,
  });
const gateway = (more: object = {}) =>
  gatewayResponse.parse({ id: 'g', name: 'G', slug: 'g', url: 'https://g.example/mcp', state: 'verified', ...more });
const server = (more: object = {}) =>
  serverResponse.parse({ id: 's', name: 'S', slug: 's', path: '/servers/s/mcp', access: 'key', ...more });
const using = (grants: object[] | null) => server({ grants, credentials: [{ gateway: 'g', use: 'kept' }] });
const kept = (state: string, days: number, rejectedAt: string | null = null) =>
  gateway({
    kept: {
      state,
      rejectedAt,
      keptRevision: 1,
      until: ago(-days).toISOString(),
      at: ago(1).toISOString(),
      by: { name: 'A' },
    },
  });
const item = { kind: 'tool', exposed: 't', gateway: 'g', own: 't' };

const states = (findings: Finding[]) => findings.map(({ state }) => state).join(' ');
const todos = (findings: Finding[]) => findings.map(({ todo }) => todo).join(' ');

describe('the doctor', () => {
  it('finds nothing where nothing is wrong', () => {
    const findings = [
      readinessFindings({ database: true, bus: true }),
      versionFindings(status(), '1.0.0', NOW),
      trustFindings(['f'], ['f']),
      connectorFindings(status()),
      proxyFindings(status()),
      publicUrlFindings('https://mcp.example.com', true, 404),
      gatewayFindings([{ gateway: gateway(), verifiedAt: ago(1) }], NOW),
      keptFindings([gateway(), kept('usable', 8)], NOW),
      closedProxies(status({ proxies: [{ host: 'b', confirmedRevision: 7, opensKept: false }] }), [gateway()]),
      unusableIn(using([{ role: 'eng', gateways: ['g'] }]), [kept('usable', 8)]),
      serverFindings([server({ exposed: [item] })]),
      keyFindings([{ id: 'k', name: 'K', createdAt: ago(90).toISOString(), lastUsedAt: NOW.toISOString() }], NOW),
    ].flat();
    expect(findings.every(({ state, todo }) => state === 'ok' && todo === undefined)).toBe(true);
  });

  it.each<[string, Finding[], string, string]>([
    ['a database that does not answer', readinessFindings({ database: false }), 'problem', 'DATABASE_URL'],
    ['a bus that does not', readinessFindings({ bus: false, database: true }), 'problem', 'NATS_URL'],
    ['another version', versionFindings(status(), '0.9.0', NOW).slice(0, 1), 'warning', 'upgrade.md'],
    ['a clock', versionFindings(status({ at: ago(1).toISOString() }), '1.0.0', NOW).slice(1), 'problem', 'NTP'],
    ['a key that is not pinned', trustFindings(['f'], []), 'warning', 'lethe verify'],
    ['a key that was replaced', trustFindings(['new'], ['old']), 'problem', '--connector-fingerprint'],
    [
      'no connector',
      connectorFindings(status({ connectors: { live: 0, freeSlots: 0, lentSlots: 0 } })),
      'problem',
      'Start',
    ],
    [
      'no free slot',
      connectorFindings(status({ connectors: { live: 1, freeSlots: 0, lentSlots: 2 } })),
      'warning',
      'expire',
    ],
    ['no proxy', proxyFindings(status({ proxies: [] })), 'problem', 'Start a proxy'],
    ['a proxy behind', proxyFindings(status({ revision: 8 })), 'warning', 'log of that proxy'],
    ['no public URL', publicUrlFindings(undefined, false), 'warning', 'LETHE_PUBLIC_URL'],
    ['one that does not answer', publicUrlFindings('https://mcp.example.com', true), 'problem', 'LETHE_PUBLIC_URL'],
    ['no gateway', gatewayFindings([], NOW), 'warning', 'lethe probe'],
    [
      'an old verification',
      gatewayFindings([{ gateway: gateway(), verifiedAt: ago(31) }], NOW),
      'warning',
      'lethe verify g',
    ],
    [
      'a verification that failed',
      gatewayFindings(
        [{ gateway: gateway({ lastVerification: { id: 'v', state: 'failed', code: 'x' } }), verifiedAt: ago(1) }],
        NOW,
      ),
      'warning',
      'lethe verify g',
    ],
    [
      'a gateway that waits',
      gatewayFindings([{ gateway: gateway({ reviewVerification: 'v' }), verifiedAt: ago(1) }], NOW),
      'warning',
      'lethe apply g',
    ],
    ['a kept credential that ends soon', keptFindings([kept('usable', 6)], NOW), 'warning', 'lethe keep g'],
    ['one that has ended', keptFindings([kept('ended', -1)], NOW), 'problem', 'lethe keep g'],
    ['one that is rejected', keptFindings([kept('usable', 20, NOW.toISOString())], NOW), 'problem', 'lethe keep g'],
    ['proxies that open none', closedProxies(status({ proxies: [{ host: 'b', confirmedRevision: 7, opensKept: false }] }), [kept('usable', 20)]), 'problem', 'LETHE_KEPT_CREDENTIALS'], // prettier-ignore
    ['a use of what is not kept', unusableIn(using(null), [gateway()]), 'warning', 'lethe keep g'],
    ['a use without grants', unusableIn(using(null), [kept('usable', 20)]), 'warning', `'grants=[{"role":"*"},{"role":"<role>","gateways":["g"]}]'`], // prettier-ignore
    ['a use that is granted to everybody alone', unusableIn(using([{ role: '*', gateways: ['g'] }]), [kept('usable', 20)]), 'warning', `'grants=[{"role":"*","gateways":["g"]},{"role":"<role>","gateways":["g"]}]'`], // prettier-ignore
    ['one for another URL', keptFindings([kept('other_configuration', 9)], NOW), 'problem', 'lethe keep g'],
    [
      'an empty server',
      serverFindings([server({ leftOut: [{ gateway: 'g', reason: 'gateway_unverified' }] })]),
      'problem',
      'gateway_unverified',
    ],
    [
      'headers over the limit',
      serverFindings([
        server({
          exposed: [item],
          warnings: [{ code: 'headers_over_limit', needsKib: 90, limitKib: 64, setting: 'LETHE_MAX_HEADER_KIB' }],
        }),
      ]),
      'warning',
      'LETHE_MAX_HEADER_KIB',
    ],
    [
      'an expired key',
      keyFindings([{ id: 'k', name: 'K', createdAt: ago(9).toISOString(), expiresAt: ago(1).toISOString() }], NOW),
      'warning',
      'lethe keys rotate k',
    ],
    [
      'an unused key',
      keyFindings([{ id: 'k', name: 'K', createdAt: ago(9).toISOString(), lastUsedAt: null }], NOW),
      'warning',
      'Revoke',
    ],
    [
      'a key that expires soon',
      keyFindings([{ id: 'k', name: 'K', createdAt: ago(9).toISOString(), expiresAt: ago(-1).toISOString() }], NOW),
      'warning',
      'lethe keys rotate k',
    ],
  ])('finds %s, and says what to do', (_what, findings, state, todo) => {
    verifies('cli.doctor');
    expect(states(findings)).toBe(state);
    expect(todos(findings)).toContain(todo);
  });

  it('says nothing about a key that another one replaces', () => {
    const replaced = {
      name: 'K',
      createdAt: ago(9).toISOString(),
      expiresAt: ago(1).toISOString(),
      replacedBy: 'other',
    };
    expect(states(keyFindings([{ id: 'k', ...replaced }], NOW))).toBe('ok');
  });
});
