import { createLogger, LineLog, Metrics, LetheError } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { serverRoutes } from '../../../../test/support/proxy/server-routes.js';
import { Caller } from '../auth/caller.js';
import { ERAS } from '../protocol/eras.js';
import { decodeMessage } from '@lethe/mcp';
import type { DecodedCall } from '../protocol/message.js';
import { CallLog } from './call-log.js';

function callOf(caller: Caller, of: 'legacy' | 'modern', method: string | undefined): DecodedCall {
  const said = method === undefined ? { result: {} } : { method, params: { name: 'a' } };
  const decoded = decodeMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, ...said })));
  if (!decoded.ok) throw new Error(decoded.problem);
  const era = ERAS[of];
  const rule = method === undefined ? undefined : era.methods.get(method);
  return { caller, message: decoded.message, era, version: '2025-11-25', rule };
}

describe('the journal', () => {
  it('tells calls of one caller apart by era, method and gateway, and repeats no unknown name', () => {
    const lines: Record<string, unknown>[] = [];
    const output = {
      write: (text: string) =>
        void lines.push(
          ...text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line)),
        ),
    };
    const log = new LineLog({ service: 'proxy' }, 'info', output);
    const journal = new CallLog(createLogger('proxy', 'silent'), log, new Metrics());
    const caller = Caller.open(serverRoutes([{ slug: 'a', mappings: [] }]));
    const made: [era: 'legacy' | 'modern', method: string | undefined, gateway: string][] = [
      ['legacy', 'tools/call', 'a'],
      ['modern', 'tools/call', 'a'],
      ['legacy', 'tools/call', 'b'],
      ['legacy', 'prompts/get', 'a'],
      ['modern', 'SECRET/method', ''],
      ['legacy', undefined, ''],
    ];
    for (const [era, method, gateway] of [...made, ...made]) {
      const record = journal.begin(callOf(caller, era, method));
      record.gateway = gateway;
      journal.succeeded(record);
    }
    log.close();
    const told = made.map(([era, method, gateway]) => [
      era,
      method?.replace('SECRET/method', '(unknown)') ?? '(response)',
      gateway,
    ]);
    expect(lines.map((line) => [line['era'], line['method'], line['gateway']])).toEqual([...told, ...told]);
  });

  it('counts calls by method, gateway and outcome, whoever makes them, when somebody asks', async () => {
    const lines: string[] = [];
    const output = { write: (text: string) => void lines.push(...text.trimEnd().split('\n')) };
    const [metrics, log] = [new Metrics(), new LineLog({ service: 'proxy' }, 'info', output)];
    const journal = new CallLog(createLogger('proxy', 'silent'), log, metrics);
    const server = serverRoutes([{ slug: 'a', mappings: [] }]);
    const callers = [
      Caller.open(server),
      ...['x', 'y'].map((sub) => Caller.ofToken(server, { iss: 'https://issuer', sub })),
    ];
    for (const caller of callers) {
      for (const isCarriedOut of [true, true, false]) {
        const record = journal.begin(callOf(caller, 'legacy', 'tools/call'));
        record.gateway = 'a';
        if (isCarriedOut) journal.succeeded(record);
        else journal.failed(record, new LetheError('item_unknown'));
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
