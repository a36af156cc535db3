import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, VerificationView } from '../../support/admin.js';
import { servedBy } from '../../support/calls.js';
import { startEmbedded } from '../../support/embedded.js';
import { realPartsAvailable } from '../../support/real-parts.js';
import { startSeparate } from '../../support/separate.js';
import { type Child, startChild } from './child.js';
import { type Measure, percentile, spread } from './report.js';
import { steadyCalls } from '../../support/steady-calls.js';
import { verifyPatiently } from './verify-patiently.js';

const PART = 'registrations';
const CREDENTIAL = { scheme: 'bearer', token: 'a-token-of-the-benchmark-that-opens-nothing' } as const;
/** What the design allows a handshake over the upstream's own time. */
const MOST_OVER_UPSTREAM_MS = 150;
const AT_ONCE = 20;
/** Enough for a 99th percentile that is not the one slowest. */
const ALONE = 100;
/** Services that just started compile their code in these: they are not counted. */
const FIRST = 5;
/** The default number of slots that a connector of its own keeps ready. */
const SLOTS = 4;

interface Lethe {
  readonly admin: Admin;
  readonly proxyUrl: string;
  stop(): Promise<void>;
}

/** Handshakes one after another with a warm pool, and many at once while calls go on through the proxy. */
export async function measureRegistrations(isQuick: boolean): Promise<Measure[]> {
  const upstream = startChild('upstream', ['20']);
  const lethe = await startLethe();
  try {
    const url = await upstream.ask<string>('url');
    return [
      ...(await oneAfterAnother(lethe, upstream, url, isQuick ? 5 : ALONE)),
      ...(await manyAtOnce(lethe, url, isQuick ? 8 : AT_ONCE)),
    ];
  } finally {
    await lethe.stop();
    await upstream.stop();
  }
}

async function startLethe(): Promise<Lethe> {
  const env = { LETHE_LOG_LEVEL: 'warn', LETHE_SLOTS: String(SLOTS) };
  if (!realPartsAvailable()) return startEmbedded(env);
  const separate = await startSeparate({ proxies: 1, env });
  return { admin: separate.admin, proxyUrl: separate.proxyUrls[0] ?? '', stop: () => separate.stop() };
}

/** From the sealed credential's PUT to its verified answer, less what the upstream itself took. */
async function oneAfterAnother({ admin }: Lethe, upstream: Child, url: string, count: number): Promise<Measure[]> {
  const over: number[] = [];
  for (let n = -FIRST; n < count; n += 1) {
    const gateway = await admin.createGateway({ name: `Alone ${n + FIRST}`, url });
    await poolIsWarm(admin);
    const verification = await admin.startVerification(gateway.id);
    const sealed = await admin.seal(verification, CREDENTIAL);
    // The reserved slot is replaced meanwhile: with a warm pool nothing starts beside the handshake.
    await poolIsWarm(admin);
    await upstream.ask('ownMs');
    const begun = performance.now();
    const view = await admin.ask<VerificationView>('PUT', credentialPath(verification), sealed, { prefer: 'wait=20' });
    const tookMs = performance.now() - begun;
    if (view.state !== 'verified') throw new Error(`not verified: ${view.state} ${view.code ?? ''}`);
    const ownMs = await upstream.ask<number>('ownMs');
    if (n >= 0) over.push(tookMs - ownMs);
  }
  return spread(PART, 'handshake over the upstream, pool warm', 'ms', over, MOST_OVER_UPSTREAM_MS);
}

/** A connector announces its slots whenever they change. */
async function poolIsWarm(admin: Admin): Promise<void> {
  for (;;) {
    const { items } = await admin.ask<{ items: { connectors: { freeSlots: number }[] }[] }>('GET', '/connectors');
    const free = items.flatMap(({ connectors }) => connectors.map(({ freeSlots }) => freeSlots));
    if (free.some((slots) => slots >= SLOTS)) return;
    await pause(20);
  }
}

/** One administrator, who honours `429` and `503` as a client does: by asking again after a moment. */
async function manyAtOnce({ admin, proxyUrl }: Lethe, url: string, count: number): Promise<Measure[]> {
  const slug = 'steady';
  const gateway = await admin.register({ name: 'Steady', url }, CREDENTIAL.token);
  await admin.ask('POST', '/servers', { name: 'Steady', slug, include: [{ gateway: gateway.slug }], access: 'key' });
  const key = await admin.callerKey();
  await servedBy(proxyUrl, slug, key);
  const headers = {
    authorization: `Bearer ${key}`,
    [`x-upstream-${gateway.slug}-authorization`]: `Bearer ${CREDENTIAL.token}`,
  };
  const calls = steadyCalls(`${proxyUrl}/servers/${slug}/mcp`, 'tool-1', headers);
  const begun = performance.now();
  const gateways = Array.from({ length: count }, (_, n) => admin.createGateway({ name: `At once ${n}`, url }));
  const states = await Promise.all(
    gateways.map(async (created) => (await verifyPatiently(admin, (await created).id, CREDENTIAL)).state),
  );
  const tookMs = performance.now() - begun;
  const { latenciesMs, failures } = await calls.stop();
  return [
    {
      part: PART,
      name: `${count} at once: not verified`,
      value: states.filter((s) => s !== 'verified').length,
      unit: '',
      most: 0,
    },
    { part: PART, name: `${count} at once: until the last`, value: tookMs / 1_000, unit: 's' },
    { part: PART, name: `${count} at once: registrations`, value: (count * 1_000) / tookMs, unit: '/s' },
    { part: PART, name: `meanwhile: failed of ${latenciesMs.length} calls`, value: failures, unit: '', most: 0 },
    { part: PART, name: 'meanwhile: call, p50', value: percentile(latenciesMs, 0.5), unit: 'ms' },
    { part: PART, name: 'meanwhile: call, p99', value: percentile(latenciesMs, 0.99), unit: 'ms' },
  ];
}

function credentialPath({ gatewayId, id }: VerificationView): string {
  return `/gateways/${gatewayId}/verifications/${id}/credential`;
}
