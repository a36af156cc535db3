import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { asClient, callTool, rejectionOf, served } from './clients/calls.js';
import type { Narrator } from './narrator.js';
import type { Children } from './processes/children.js';
import { type Lethe, startLethe } from './processes/lethe.js';
import { type Minter, startHolder, startMinter, type TokenFacts } from './processes/one-shot.js';
import { startUpstream, type Upstream } from './processes/upstream.js';
import { receiptLines } from './receipt-lines.js';
import { type Gateway, RegistryClient, type VirtualServer } from './clients/registry-client.js';
import { canReadMemory, withDescendants } from './search/process-memory.js';
import { searchFiles, searchMemory } from './search/search.js';
import { searchEverywhere } from './search-report.js';

/** What a user needs to continue after the demo. */
export interface Outcome {
  lethe: Lethe;
  endpoint: string;
  callerKey: string;
  callerToken: string;
}

/** The demo, from top to bottom. Each step needs the results of earlier ones. */
export class Demo {
  constructor(
    private readonly home: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly narrator: Narrator,
    private readonly children: Children,
  ) {}

  async play(): Promise<Outcome> {
    this.narrator.title('Lethe: a credential goes in once, a catalogue comes out, the credential is forgotten');
    const callerToken = `caller-${randomBytes(24).toString('base64url')}`;
    const lethe = await this.start();
    const minter = await this.mint();
    const hashes = { registration: minter.facts.sha256, caller: sha256(callerToken) };
    const first = await this.startUpstream(hashes);
    const registry = new RegistryClient(lethe.registryUrl, lethe.adminToken);
    const gateway = await this.register(registry, first, minter);
    const upstream = await this.replaceUpstream(first, minter.facts, hashes);
    const { endpoint, callerKey } = await this.serve(registry, lethe, gateway);
    await this.call(endpoint, callerKey, callerToken);
    await this.callWithoutCredential(endpoint, callerKey);
    await this.findControl();
    await this.findNothing(minter.facts, lethe, upstream);
    return { lethe, endpoint, callerKey, callerToken };
  }

  private start(): Promise<Lethe> {
    return this.narrator.step('Start Lethe: registry, connector and proxy in one process', async (show) => {
      const lethe = await startLethe(this.children, this.home, this.env);
      show(`registry ${lethe.registryUrl}   proxy ${lethe.proxyUrl}   data ${this.home}`);
      return lethe;
    });
  }

  private mint(): Promise<Minter> {
    return this.narrator.step('Mint a registration token in a one-shot process', async (show) => {
      const minter = await startMinter(this.children);
      show(`only process ${minter.pid} holds it; this demo knows hashes of the token and of its 4 pieces`);
      return minter;
    });
  }

  private startUpstream(hashes: Record<string, string>): Promise<Upstream> {
    return this.narrator.step('Start an upstream MCP server that requires a token', async (show) => {
      const upstream = await startUpstream(this.children, this.home, hashes);
      const { status } = await fetch(upstream.url, { method: 'POST' });
      if (status !== 401) throw new Error(`it answers ${status} without a token, not 401`);
      show(`${upstream.url} knows two tokens by their hashes and answers 401 without one`);
      return upstream;
    });
  }

  private register(registry: RegistryClient, upstream: Upstream, minter: Minter): Promise<Gateway> {
    return this.narrator.step('Register the upstream: the token is sealed, used once, forgotten', async (show) => {
      const name = `Demo ${randomBytes(3).toString('hex')}`;
      const passthroughHeaders = [{ header: 'Authorization', required: true, scheme: 'bearer' }];
      const gateway = await registry.createGateway({ name, url: upstream.url, passthroughHeaders });
      const started = await registry.startVerification(gateway);
      const sealed = await minter.seal({
        offer: started.slot?.offer ?? '',
        identities: await registry.connectorIdentities(),
      });
      show(`process ${minter.pid} sealed it into ${sealed.length} bytes that one slot can open, and has ended`);
      await registry.putCredential(gateway, started, sealed);
      const ended = await registry.finishedVerification(gateway, started);
      if (ended.state !== 'verified') throw new Error(`the verification ended as ${ended.state}: ${ended.code ?? ''}`);
      show(`verified; the connector's signed receipt:\n${receiptLines(ended.receipt ?? '').join('\n')}`);
      return gateway;
    });
  }

  /** An upstream may keep the token; only Lethe promises to forget it. A new process has never seen it. */
  private replaceUpstream(seen: Upstream, token: TokenFacts, hashes: Record<string, string>): Promise<Upstream> {
    return this.narrator.step('Replace the upstream, which has seen the token, by a new process', async (show) => {
      const held = await seen.piecesHeld(token.hashes);
      show(`its memory held ${held ?? '(not searched)'} pieces of the token, as upstreams do`);
      await seen.stop();
      return startUpstream(this.children, this.home, hashes, seen.port);
    });
  }

  private serve(
    registry: RegistryClient,
    lethe: Lethe,
    gateway: Gateway,
  ): Promise<{ endpoint: string; callerKey: string }> {
    return this.narrator.step('Create a virtual server from it, and a key for a caller', async (show) => {
      const name = `Demo ${gateway.slug.slice(-6)}`;
      const server: VirtualServer = await registry.createServer({ name, include: [{ gateway: gateway.id }] });
      const callerKey = await registry.createKey('the demo', server);
      const endpoint = new URL(server.path, lethe.proxyUrl).href;
      await served(endpoint, { authorization: `Bearer ${callerKey}` });
      show(endpoint);
      return { endpoint, callerKey };
    });
  }

  private call(endpoint: string, callerKey: string, callerToken: string): Promise<void> {
    return this.narrator.step("List and call tools with the caller's own upstream token", async (show) => {
      const headers = { authorization: `Bearer ${callerKey}`, 'x-upstream-authorization': `Bearer ${callerToken}` };
      await asClient(endpoint, headers, async (client) => {
        const { tools } = await client.listTools();
        show(`tools/list       ${tools.map((tool) => tool.name).join(', ')}`);
        show(`add              ${await callTool(client, 'add', { a: 19, b: 23 })}`);
        const said = await callTool(client, 'which_token', {});
        show(`which_token      ${said}`);
        if (!said.includes('the caller token')) throw new Error('the upstream saw another token than the caller sent');
      });
    });
  }

  private callWithoutCredential(endpoint: string, callerKey: string): Promise<void> {
    return this.narrator.step('Make the same call without that token: refused', async (show) => {
      const headers = { authorization: `Bearer ${callerKey}` };
      const message = await asClient(endpoint, headers, (client) =>
        rejectionOf(callTool(client, 'add', { a: 1, b: 2 })),
      );
      show(message);
      if (!message.includes('credential')) throw new Error('the error does not name what is missing');
    });
  }

  private findControl(): Promise<void> {
    return this.narrator.step('Try the search on a control: it must find a token of the same form', async (show) => {
      const file = join(this.home, 'demo-control');
      const holder = await startHolder(this.children, file);
      try {
        const inFile = searchFiles(this.home, holder.facts.hashes).copies;
        const inMemory = canReadMemory() ? searchMemory(holder.pid, holder.facts.hashes).copies : undefined;
        show(
          `in a file of the data directory: found ${inFile}   in the memory of ${holder.pid}: found ${inMemory ?? '-'}`,
        );
        if (inFile === 0 || inMemory === 0) throw new Error('the search did not find the control');
      } finally {
        await holder.stop();
        rmSync(file, { force: true });
      }
    });
  }

  private findNothing(token: TokenFacts, lethe: Lethe, upstream: Upstream): Promise<void> {
    return this.narrator.step('Search everything for the pieces of the registration token', (show) => {
      const report = searchEverywhere(token.hashes, {
        processes: { 'this demo': [process.pid], Lethe: withDescendants(lethe.pid), 'the upstream': [upstream.pid] },
        folders: { 'data directory, all files': this.home, 'of these, logs': join(this.home, 'logs') },
      });
      show(report.lines.join('\n'));
      show(`copies of the registration token's pieces: ${report.copies}`);
      if (report.copies > 0) throw new Error('the registration token was not forgotten');
    });
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
