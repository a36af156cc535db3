import { createLogger, LineLog, Metrics, LetheError } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { decodedRequest } from '@test/support/proxy/mcp-request.js';
import { Caller } from '../auth/authenticator.js';
import { clientText } from './call-facts.js';
import { CallLog } from './call-log.js';
import { SeenCalls } from './seen-calls.js';

const seen = () => new SeenCalls({ publish: () => Promise.resolve() }, 'a-host/0a', () => []);

describe('the call log', () => {
  it('logs calls of one caller by era, method and gateway, and never an unknown method name', () => {
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
    const callLog = new CallLog(
      createLogger('proxy', 'silent'),
      log,
      new Metrics(),
      undefined,
      () => '192.0.2.7',
      seen(),
    );
    const gateways = ['a', 'b'].map((slug) => ({ slug, mappings: [] }));
    const caller = Caller.open(serverRoutes(gateways));
    const made: [era: 'legacy' | 'modern', method: string | undefined, gateway: string][] = [
      ['legacy', 'tools/call', 'a'],
      ['modern', 'tools/call', 'a'],
      ['legacy', 'tools/call', 'b'],
      ['legacy', 'prompts/get', 'a'],
      ['modern', 'SECRET/method', ''],
      ['legacy', undefined, ''],
    ];
    for (const [era, method, gateway] of [...made, ...made]) {
      callLog.begin(decodedRequest(caller, era, method, gateway), () => undefined)();
    }
    log.close();
    const expected = made.map(([era, method, gateway]) => [
      era,
      method?.replace('SECRET/method', '(unknown)') ?? '(response)',
      gateway,
    ]);
    expect(lines.map((line) => [line['era'], line['method'], line['gateway']])).toEqual([...expected, ...expected]);
  });

  it('counts the calls of all callers by method, gateway and outcome when metrics are read', async () => {
    const lines: string[] = [];
    const output = { write: (text: string) => void lines.push(...text.trimEnd().split('\n')) };
    const [metrics, log] = [new Metrics(), new LineLog({ service: 'proxy' }, 'info', output)];
    const callLog = new CallLog(createLogger('proxy', 'silent'), log, metrics, undefined, () => '192.0.2.7', seen());
    const server = serverRoutes([{ slug: 'a', mappings: [] }]);
    const callers = [
      Caller.open(server),
      ...['x', 'y'].map((sub) => Caller.ofToken(server, { iss: 'https://issuer', sub, roles: [] })),
    ];
    for (const caller of callers) {
      for (const isSuccess of [true, true, false]) {
        const end = callLog.begin(decodedRequest(caller, 'legacy', 'tools/call', 'a'), () => undefined);
        end(isSuccess ? undefined : new LetheError('item_unknown'));
      }
    }
    for (let reading = 0; reading < 2; reading++) {
      const text = await metrics.registry.metrics();
      expect(text).toContain('lethe_proxy_calls_total{method="tools/call",gateway="a",outcome="ok"} 6');
      expect(text).toContain('lethe_proxy_calls_total{method="tools/call",gateway="a",outcome="item_unknown"} 3');
      expect(text).toContain('lethe_proxy_call_seconds_count{method="tools/call"} 9');
    }
    log.close();
    const logged = lines.map((line): { caller?: unknown } => JSON.parse(line));
    expect(logged).toHaveLength(9);
    expect(new Set(logged.map(({ caller }) => caller)).size).toBe(3);
  });

  it('says which limit refused a call', async () => {
    const lines: string[] = [];
    const output = { write: (text: string) => void lines.push(...text.trimEnd().split('\n')) };
    const [metrics, log] = [new Metrics(), new LineLog({ service: 'proxy' }, 'info', output)];
    const callLog = new CallLog(createLogger('proxy', 'silent'), log, metrics, undefined, () => '192.0.2.7', seen());
    const caller = Caller.open(serverRoutes([{ slug: 'a', mappings: [] }]));
    const refusals = [
      new LetheError('rate_limited', { limit: 'tools', retryAfterSeconds: 1 }),
      new LetheError('rate_limited', { limit: 'concurrent', retryAfterSeconds: 1 }),
      new LetheError('gateway_unavailable', { gateway: 'a', why: 'circuit' }),
      new LetheError('gateway_unavailable', { gateway: 'a', why: 'disabled' }),
    ];
    for (const refusal of refusals) {
      callLog.begin(decodedRequest(caller, 'legacy', 'tools/call', 'a'), () => undefined)(refusal);
    }
    log.close();
    const limits = ['tools', 'concurrent', 'gateway_circuit'];
    expect(lines.map((line): unknown => JSON.parse(line).limit)).toEqual([...limits, undefined]);
    const text = await metrics.registry.metrics();
    for (const limit of limits) expect(text).toContain(`lethe_proxy_limited_total{limit="${limit}",gateway="a"} 1`);
    expect(text.match(/^lethe_proxy_limited_total\{/gm)).toHaveLength(3);
  });

  it("shows nothing of a credential in a client's name, also of one that is longer than what is shown", () => {
    const key = `lethe_key_${'0'.repeat(16)}_oDnhvIc99XqZ4LmT7wRb2KsVyEa5GjUf1HpCt8NdQx0`;
    for (const name of [key, `client ${key}`, `${'a long name '.repeat(5)}${key}`])
      expect(clientText(name)).toBe('(hidden)');
    expect(clientText(`client\n"1"${'x'.repeat(200)}`)).toBe(`client?"1"${'x'.repeat(86)}`);
  });
});
