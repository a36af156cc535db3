import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { until } from '../support/processes.js';
import { type Separate, startSeparate } from '../support/separate.js';
import { legacyScript, type ScriptedExchange, startScriptedUpstream } from '../support/upstreams/index.js';

const CREDENTIAL = { scheme: 'bearer', token: 'tok_for_a_handshake_that_never_ends' } as const;
/** An administrator may have three slots at a time. */
const STEPS = [
  ['server/discover', 'initialize', 'notifications/initialized'],
  ['tools/list', 'DELETE'],
];

/** An upstream that goes silent at one step of the handshake and says when it was reached. */
async function stallAt(step: string) {
  let reached = false;
  const stall = (): Promise<void> => {
    reached = true;
    return new Promise(() => undefined);
  };
  const script = legacyScript({
    sessionId: 'a-session',
    results: { 'tools/list': { tools: [] } },
    answers: { [step]: stall },
  });
  const upstream = await startScriptedUpstream((exchange: ScriptedExchange) => script(exchange));
  return { ...upstream, hasReached: () => (reached ? true : undefined) };
}

describe.runIf(realPartsAvailable())('a connector that dies', () => {
  let lethe: Separate;

  beforeAll(async () => {
    lethe = await startSeparate({
      proxies: 0,
      env: { LETHE_HANDSHAKE_TIMEOUT_MS: '4000', LETHE_SLOT_TTL_SECONDS: '4', LETHE_RESULT_MARGIN_MS: '1000' },
    });
  });
  afterAll(() => lethe?.stop());

  it.each(STEPS.map((steps) => ({ steps })))(
    'at $steps leaves verifications that are lost by their deadlines',
    async ({ steps }) => {
      verifies('verification.lost');
      const stalled = await Promise.all(steps.map(stallThere));
      await lethe.connector.kill();
      await lethe.startConnector();
      await Promise.all(stalled.map(expectLost));
    },
  );

  async function stallThere(step: string) {
    const upstream = await stallAt(step);
    const gateway = await lethe.admin.createGateway({ name: `Stalls at ${step}`, url: upstream.url });
    const verification = await lethe.admin.startVerification(gateway.id);
    const sealed = await lethe.admin.seal(verification, CREDENTIAL);
    expect((await lethe.admin.putCredential(verification, sealed)).status).toBeLessThan(300);
    await until(`the handshake to reach ${step}`, upstream.hasReached);
    const { deadline } = await lethe.admin.ask<{ deadline: string }>(
      'GET',
      `/gateways/${gateway.id}/verifications/${verification.id}`,
    );
    return { upstream, gateway, verification, sealed, deadlineMs: Date.parse(deadline) };
  }

  async function expectLost({
    upstream,
    gateway,
    verification,
    sealed,
    deadlineMs,
  }: Awaited<ReturnType<typeof stallThere>>) {
    const ended = await lethe.admin.finished(gateway.id, verification.id);
    expect(ended.state).toBe('lost');
    expect(Date.parse(ended.finishedAt ?? '')).toBeLessThan(deadlineMs + 5_000);
    // The envelope of the dead slot reaches no process; a new attempt gets a new slot.
    expect((await lethe.admin.putCredential(verification, sealed)).status).toBe(409);
    const again = await lethe.admin.startVerification(gateway.id);
    expect(again.attempt).toBe(verification.attempt + 1);
    expect(again.slot?.offer).not.toBe(verification.slot?.offer);
    expect((await lethe.admin.finished(gateway.id, again.id)).state).toBe('expired');
    await upstream.close();
  }

  it('before the credential arrived leaves a slot that is gone', async () => {
    verifies('verification.expired');
    const gateway = await lethe.admin.createGateway({ name: 'Never reached', url: 'http://127.0.0.1:9/mcp' });
    const verification = await lethe.admin.startVerification(gateway.id);
    const sealed = await lethe.admin.seal(verification, CREDENTIAL);
    await lethe.connector.kill();
    const put = await lethe.admin.putCredential(verification, sealed);
    expect(put.status).toBe(409);
    expect(put.body).toMatchObject({ code: 'slot_gone' });
    await lethe.startConnector();
    expect(['expired', 'lost']).toContain((await lethe.admin.finished(gateway.id, verification.id)).state);
  });
});

describe.runIf(realPartsAvailable())('a slot', () => {
  let lethe: Separate;
  beforeAll(async () => {
    lethe = await startSeparate({ proxies: 0, env: { LETHE_SLOT_TTL_SECONDS: '2' } });
  });
  afterAll(() => lethe?.stop());

  it('that is not used expires, and accepts no envelope after that', async () => {
    verifies('verification.expired');
    const gateway = await lethe.admin.createGateway({ name: 'Unused', url: 'http://127.0.0.1:9/mcp' });
    const verification = await lethe.admin.startVerification(gateway.id);
    const sealed = await lethe.admin.seal(verification, CREDENTIAL);
    expect((await lethe.admin.finished(gateway.id, verification.id)).state).toBe('expired');
    expect((await lethe.admin.putCredential(verification, sealed)).status).toBe(409);
  });

  it('takes one envelope once: its replay is answered 409 and dials nothing', async () => {
    verifies('credential.once');
    const upstream = await startScriptedUpstream(legacyScript({ results: { 'tools/list': { tools: [] } } }));
    const gateway = await lethe.admin.createGateway({ name: 'Replayed', url: upstream.url });
    const verification = await lethe.admin.startVerification(gateway.id);
    const sealed = await lethe.admin.seal(verification, CREDENTIAL);
    expect((await lethe.admin.putCredential(verification, sealed)).status).toBeLessThan(300);
    expect((await lethe.admin.finished(gateway.id, verification.id)).state).toBe('verified');
    const dialled = upstream.received.length;
    const replay = await lethe.admin.putCredential(verification, sealed);
    expect(replay).toMatchObject({ status: 409, body: { code: 'slot_gone' } });
    expect(upstream.received).toHaveLength(dialled);
    await upstream.close();
  });
});
