import { randomBytes } from 'node:crypto';
import { servedBy } from '@test/support/calls.js';
import { BELIEVES_FORWARDED } from '@test/support/proxy/caller-addresses.js';
import { startEmbedded } from '@test/support/embedded.js';
import { startEverythingUpstream, startModernUpstream } from '@test/support/upstreams/index.js';
import { type FakeModel, startFakeModel } from '../model/fake-model.js';
import { startManyUpstream } from './many-upstream.js';
import { addLabTools } from './modern-tools.js';
import { type Recorder, startRecorder } from './recorder.js';

/** The upstreams, each with a virtual server of its own. */
export const UPSTREAMS = ['legacy', 'modern', 'many'] as const;
/** One of `UPSTREAMS`. */
export type UpstreamName = (typeof UPSTREAMS)[number];

/** Lethe with a virtual server for each upstream, the upstreams, and the model of the agents. All on loopback. */
export interface World {
  recorder: Recorder;
  model: FakeModel;
  /** The URL of the upstream itself, and of the virtual server that bundles it; both through the recorder. */
  direct(upstream: UpstreamName): string;
  throughLethe(upstream: UpstreamName): string;
  /** A key of a caller, a key that is none, and the token that all upstreams accept. */
  secrets: { key: string; wrongKey: string; token: string };
  close(): Promise<void>;
}

/** Starts everything, and registers and verifies the upstreams. */
export async function startWorld(): Promise<World> {
  const token = `tok_${randomBytes(24).toString('base64url')}`;
  const upstreams = {
    legacy: await startEverythingUpstream({ token }),
    modern: await startModernUpstream({ name: 'modern', token, extend: addLabTools }),
    many: await startManyUpstream(token),
  };
  const lethe = await startEmbedded(BELIEVES_FORWARDED);
  const key = await lethe.admin.callerKey();
  for (const name of UPSTREAMS) {
    // As `lethe add --bearer` has it, but for `required`.
    const passthroughHeaders = [{ header: 'Authorization', scheme: 'bearer' }];
    const { verification } = await lethe.admin.register({ name, url: upstreams[name].url, passthroughHeaders }, token);
    if (verification.state !== 'verified') throw new Error(`${name} was not verified: ${verification.code}`);
    await lethe.admin.ask('POST', '/servers', { name, include: [{ gateway: name }] });
    await servedBy(lethe.proxyUrl, name, key);
  }
  const model = await startFakeModel();
  const originOf = (name: UpstreamName) => new URL(upstreams[name].url).origin;
  const recorder = await startRecorder({
    lethe: lethe.proxyUrl,
    ...Object.fromEntries(UPSTREAMS.map((name) => [name, originOf(name)])),
  });
  return {
    recorder,
    model,
    direct: (name) => `${recorder.through(name)}/mcp`,
    throughLethe: (name) => `${recorder.through('lethe')}/servers/${name}/mcp`,
    secrets: { key, wrongKey: `lethe_key_${randomBytes(24).toString('base64url')}`, token },
    close: async () => {
      const all = [recorder, model, ...Object.values(upstreams)].map((each) => each.close());
      await Promise.allSettled([...all, lethe.stop()]);
    },
  };
}
