import { createLogger, LineLog, Metrics, LetheError } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { serverRoutes } from '../../../../test/support/proxy/server-routes.js';
import { Caller } from '../callers/caller.js';
import { ERAS } from '../eras/eras.js';
import { decodeMessage } from '@lethe/mcp';
import type { Call } from '../exchange/call.js';
import { JournalService } from './journal.service.js';

function callOf(caller: Caller): Call {
  const decoded = decodeMessage(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}'));
  if (!decoded.ok) throw new Error(decoded.problem);
  const era = ERAS.legacy;
  return { caller, message: decoded.message, era, version: '2025-11-25', rule: era.methods.get('tools/call') };
}

describe('the journal', () => {
  it('counts calls by method, gateway and outcome, whoever makes them, when somebody asks', async () => {
    const lines: string[] = [];
    const output = { write: (text: string) => void lines.push(...text.trimEnd().split('\n')) };
    const [metrics, log] = [new Metrics(), new LineLog({ service: 'proxy' }, 'info', output)];
    const journal = new JournalService(createLogger('proxy', 'silent'), log, metrics);
    const server = serverRoutes([{ slug: 'a', mappings: [] }]);
    const callers = [
      Caller.open(server),
      ...['x', 'y'].map((sub) => Caller.ofToken(server, { iss: 'https://issuer', sub })),
    ];
    for (const caller of callers) {
      for (const isCarriedOut of [true, true, false]) {
        const trail = journal.begin(callOf(caller));
        trail.gateway = 'a';
        if (isCarriedOut) journal.carriedOut(trail);
        else journal.failed(trail, new LetheError('item_unknown'));
      }
    }
    for (let reading = 0; reading < 2; reading++) {
      const text = await metrics.registry.metrics();
      expect(text).toContain('lethe_proxy_calls_total{method="tools/call",gateway="a",outcome="ok"} 6');
      expect(text).toContain('lethe_proxy_calls_total{method="tools/call",gateway="a",outcome="item_unknown"} 3');
      expect(text).toContain('lethe_proxy_call_seconds_count{method="tools/call"} 9');
    }
    log.close();
    const told = lines.map((line): { caller?: unknown } => JSON.parse(line));
    expect(told).toHaveLength(9);
    expect(new Set(told.map(({ caller }) => caller)).size).toBe(3);
  });
});
