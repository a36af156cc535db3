import { expect } from 'vitest';
import { Admin } from './admin.js';
import { servedBy } from './calls.js';
import { connectLegacy } from './mcp-clients.js';
import { type ServiceProcess, until } from './processes.js';
import { startRoundRobin } from './round-robin.js';

/** A deployment whose services run. */
export interface RunningDeployment {
  registries: string[];
  proxies: string[];
  adminToken: string;
  /** The demo upstream, and its token. */
  upstream: string;
  token: string;
}

/** The demo upstream says where it listens in its first line. */
export function demoUpstreamUrl(upstream: ServiceProcess): Promise<string> {
  return until('the demo upstream', async () => /"url":"([^"]+)"/.exec(await upstream.log())?.[1]);
}

/** Registers and verifies the demo upstream once, and calls it through all proxies, balanced without affinity. */
export async function expectDemoPath({ registries, proxies, adminToken, upstream, token }: RunningDeployment) {
  const [admin, ...others] = registries.map((url) => new Admin(url, adminToken));
  const gateway = await admin!.register({ name: 'Demo', url: upstream }, token);
  expect(gateway.verification).toMatchObject({ state: 'verified' });
  await admin!.ask('POST', '/servers', { name: 'Bundle', include: [{ gateway: 'demo' }] });
  for (const other of others) expect(await other.ask('GET', `/gateways/${gateway.id}`)).toMatchObject({ slug: 'demo' });
  const key = await admin!.callerKey();
  await Promise.all(proxies.map((url) => servedBy(url, 'bundle', key)));
  const balancer = await startRoundRobin(proxies);
  try {
    const client = await connectLegacy(`${balancer.url}/servers/bundle/mcp`, {
      authorization: `Bearer ${key}`,
      'x-upstream-authorization': `Bearer ${token}`,
    });
    const { tools } = await client.listTools();
    const name = tools.find((tool) => tool.name.endsWith('add'))?.name ?? '';
    for (const b of [3, 4]) {
      const answer = await client.callTool({ name, arguments: { a: 2, b } });
      expect(JSON.stringify(answer.content)).toContain(`2 + ${b} = ${2 + b}`);
    }
    await client.close();
    expect(balancer.served.every((count) => count > 0)).toBe(true);
  } finally {
    await balancer.close();
  }
}
