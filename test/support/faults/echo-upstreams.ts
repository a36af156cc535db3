import { randomBytes } from 'node:crypto';
import { dualScript, type EraScript, startScriptedUpstream, type Upstream } from '../upstreams/index.js';
import type { Violations } from './violations.js';

/** An upstream whose tool answers with the credential that it saw. */
export interface EchoUpstream extends Upstream {
  name: string;
  tool: string;
  /** A credential for this upstream and no other one. */
  credential(owner: string): string;
}

/** What the tool answers, as JSON. */
export interface Echo {
  upstream: string;
  credential: string;
  nonce: string;
}

/** An upstream of each kind: legacy with sessions, modern, both. A credential of another one is a violation. */
export function startEchoUpstreams(violations: Violations): Promise<EchoUpstream[]> {
  const kinds: [string, ('legacy' | 'modern')[]][] = [
    ['alpha', ['legacy']],
    ['beta', ['modern']],
    ['gamma', ['legacy', 'modern']],
  ];
  return Promise.all(kinds.map(([name, eras]) => startOne(name, eras, violations)));
}

async function startOne(
  name: string,
  eras: readonly ('legacy' | 'modern')[],
  violations: Violations,
): Promise<EchoUpstream> {
  const tool = `echo-${name}`;
  const own = `Bearer ${name}.`;
  const lists: EraScript = () => ({ 'tools/list': { tools: [{ name: tool, inputSchema: { type: 'object' } }] } });
  const script = dualScript({
    ...(eras.includes('legacy') && { legacy: lists }),
    ...(eras.includes('modern') && { modern: lists }),
    before: ({ request, response, message, reply }) => {
      const { authorization = '' } = request.headers;
      if (authorization === '') {
        response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
        return true;
      }
      const others = JSON.stringify(request.headers).match(/(alpha|beta|gamma)\.[\w-]+/g) ?? [];
      if (!authorization.startsWith(own) || others.some((found) => !found.startsWith(`${name}.`)))
        violations.add('credential at a wrong origin', `${name} got one of another upstream`);
      if (message.method !== 'tools/call') return false;
      const { nonce } = message.params?.['arguments'] as { nonce: string };
      const echo: Echo = { upstream: name, credential: authorization.slice('Bearer '.length), nonce };
      reply({ content: [{ type: 'text', text: JSON.stringify(echo) }], resultType: 'complete' });
      return true;
    },
  });
  const { received, ...upstream } = await startScriptedUpstream(script);
  // 100,000 of them would be kept.
  received.push = () => 0;
  const credential = (owner: string): string => `${name}.${owner}.${randomBytes(12).toString('hex')}`;
  return { ...upstream, received, name, tool, credential };
}
