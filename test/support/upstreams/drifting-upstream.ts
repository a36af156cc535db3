import { z } from 'zod';
import { startModernUpstream } from './modern-upstream.js';
import type { Upstream, UpstreamLock } from './recorded-request.js';

/** A tool of an upstream that changes what it says. */
export interface DriftingTool {
  name: string;
  description: string;
  /** Names of its parameters, each a text. */
  parameters?: readonly string[];
}

/** An upstream whose tools can be replaced between two verifications. */
export interface DriftingUpstream extends Upstream {
  tools: readonly DriftingTool[];
}

/** Starts a modern-era upstream that has these tools until others take their place, beside those of the fixture. */
export async function startDriftingUpstream(
  options: UpstreamLock & { name: string; tools: readonly DriftingTool[] },
): Promise<DriftingUpstream> {
  const { tools, ...rest } = options;
  const drifting: { tools: readonly DriftingTool[] } = { tools };
  const upstream = await startModernUpstream({
    ...rest,
    extend: (server) => {
      for (const { name, description, parameters = [] } of drifting.tools) {
        const inputSchema = z.object(Object.fromEntries(parameters.map((parameter) => [parameter, z.string()])));
        server.registerTool(name, { description, inputSchema }, () => ({ content: [] }));
      }
    },
  });
  return Object.assign(drifting, upstream);
}
