import { LetheError } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { GatewayGate, type GatePass } from './gateway-gate.js';

const refused = (gate: GatewayGate, atMs: number): unknown => {
  try {
    gate.enter(atMs).end('unknown', atMs);
    return undefined;
  } catch (error) {
    return error instanceof LetheError ? error.detail : error;
  }
};
const circuit = (retryAfterSeconds: number) => ({ gateway: 'up', why: 'circuit', retryAfterSeconds });

describe('the gate of a gateway', () => {
  const opened = (changes: boolean[] = []): GatewayGate => {
    const gate = new GatewayGate('up', (_gateway, isOpen) => changes.push(isOpen));
    for (let call = 0; call < 5; call += 1) gate.leave(undefined, 'down', 0);
    return gate;
  };

  it('opens its circuit after five failures in a row, and for ten seconds', () => {
    verifies('limits.breaker');
    const gate = new GatewayGate('up');
    for (const verdict of ['down', 'down', 'down', 'down', 'up', 'down', 'down', 'down', 'unknown', 'down'] as const) {
      gate.leave(undefined, verdict, 0);
    }
    expect(refused(gate, 1)).toBeUndefined();
    gate.leave(undefined, 'down', 5);
    expect(refused(gate, 6)).toEqual(circuit(10));
    expect(refused(gate, 10_004)).toEqual(circuit(1));
    expect(refused(gate, 10_005)).toBeUndefined();
  });

  it('lets one probe through at a time, until one shows that the upstream is back', () => {
    verifies('limits.breaker');
    const changes: boolean[] = [];
    const gate = opened(changes);
    const probe = (atMs: number): GatePass => {
      const pass = gate.enter(atMs);
      expect(refused(gate, atMs)).toEqual(circuit(1));
      return pass;
    };
    probe(10_000).end('down', 11_000);
    expect(refused(gate, 20_999)).toEqual(circuit(1));
    // A client that leaves says nothing: the next call probes.
    probe(21_000).end('unknown', 21_500);
    const last = probe(21_500);
    // A response that goes on for long does not hold up the others.
    last.responded(21_600);
    expect(refused(gate, 21_600)).toBeUndefined();
    last.end('up', 60_000);
    expect([gate.isQuiet, changes]).toEqual([true, [true, false]]);
  });

  it('learns nothing from calls that began before its circuit opened', () => {
    const gate = new GatewayGate('up');
    gate.leave(undefined, 'down', 0);
    const early = gate.enter(0);
    for (let call = 0; call < 4; call += 1) gate.leave(undefined, 'down', 0);
    early.end('up', 1);
    gate.leave(undefined, 'down', 5_000);
    expect(refused(gate, 2)).toEqual(circuit(10));
    expect(refused(gate, 9_999)).toEqual(circuit(1));
  });

  it('counts the calls that are running, each once', () => {
    const gate = new GatewayGate('up');
    gate.configure({ concurrent: 2 });
    const [first, second] = [gate.enter(0), gate.enter(0)];
    expect(refused(gate, 0)).toEqual({ gateway: 'up', why: 'concurrent', retryAfterSeconds: 1 });
    first.end('up', 0);
    first.end('up', 0);
    const third = gate.enter(0);
    expect(refused(gate, 0)).toMatchObject({ why: 'concurrent' });
    second.end('unknown', 0);
    third.end('up', 0);
    gate.configure({});
    expect(gate.isQuiet).toBe(true);
  });
});
