import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Separate } from '../separate.js';

/** What the registry answers to whoever may read. */
const LISTS = [
  ...['status', 'gateways', 'servers', 'keys', 'admins', 'connectors', 'verifications'],
  ...['audit', 'audit/export', 'audit/verification', 'export', 'export?catalogue=true', 'items?q=echo'],
];
const OF_GATEWAY = ['', '/kept-credential', '/verifications', '/tools'];
const OF_SERVER = ['', '/connect', '/size'];

/** Names and texts of what registry, proxies and connector tell of themselves. @param servers if they are not named as gateways */
export async function everythingTold(
  lethe: Separate,
  slugs: string[],
  servers = slugs,
): Promise<[name: string, text: string][]> {
  const paths = [
    ...LISTS,
    ...slugs.flatMap((slug) => OF_GATEWAY.map((path) => `gateways/${slug}${path}`)),
    ...servers.flatMap((slug) => OF_SERVER.map((path) => `servers/${slug}${path}`)),
  ];
  const authorization = `Bearer ${lethe.admin.token}`;
  const read = async (url: string): Promise<string> => {
    const answer = await fetch(url, { headers: { authorization } });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.text();
  };
  const told: [string, string][] = [];
  const tell = async (url: string): Promise<void> => void told.push([`${told.length}.txt`, await read(url)]);
  for (const path of paths) await tell(`${lethe.registryUrl}/v1/${path}`);
  for (const slug of servers) {
    const explained = await lethe.admin.request('POST', `/servers/${slug}/explain`, { kind: 'tool', name: 'echo', roles: ['eng'] }); // prettier-ignore
    told.push([`explain-${slug}`, JSON.stringify(explained.body)]);
  }
  const runtime: { url: string } = JSON.parse(
    readFileSync(join(lethe.home, 'connector/runtime-connector.json'), 'utf8'),
  );
  for (const service of [lethe.registryUrl, runtime.url, ...lethe.proxyUrls])
    for (const path of ['metrics', 'readyz', 'livez']) await tell(`${service}/${path}`);
  return told;
}
