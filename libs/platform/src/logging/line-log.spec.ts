import { describe, expect, it, vi } from 'vitest';
import type { LogLevel } from '../settings-table.js';
import { LineLog } from './line-log.js';

const AT = Date.UTC(2026, 10, 25, 1, 2, 3, 45);

function linesOf(level: LogLevel, write: (log: LineLog) => void, now = () => AT): unknown[] {
  const lines: string[] = [];
  const log = new LineLog(
    { service: 'proxy' },
    level,
    { write: (text) => void lines.push(...text.split(/(?<=\n)/)) },
    now,
  );
  write(log);
  log.close();
  expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
  return lines.map((line) => JSON.parse(line));
}

describe('LineLog', () => {
  it('writes the members that any line of the service has, and the duration', () => {
    const [line] = linesOf('info', (log) => log.form({ caller: 'key:1', method: 'tools/call' }, 'Call')(1.25));
    expect(line).toEqual({
      ...{ level: 'info', time: '2026-11-25T01:02:03.045Z', service: 'proxy' },
      ...{ caller: 'key:1', method: 'tools/call', durationMs: 1.25, msg: 'Call' },
    });
  });

  it('keeps fields that are not on the list out, and quotes what has to be quoted', () => {
    const [line] = linesOf('trace', (log) => log.form({ caller: 'jwt:"\n', argument: 'CANARY' }, 'Call')(0));
    expect(line).toMatchObject({ caller: 'jwt:"\n', dropped: ['argument'] });
    expect(JSON.stringify(line)).not.toContain('CANARY');
  });

  it('writes the time of each line, also within a second and after it', () => {
    let now = AT;
    const lines = linesOf(
      'info',
      (log) => {
        const write = log.form({}, 'Call');
        for (const later of [0, 1, 954, 955, 61_000]) {
          now = AT + later;
          write(0);
        }
      },
      () => now,
    );
    const times = ['03.045', '03.046', '03.999', '04.000'].map((at) => `2026-11-25T01:02:${at}Z`);
    expect(lines).toMatchObject([...times, '2026-11-25T01:03:04.045Z'].map((time) => ({ time })));
  });

  it('writes lines together, when they are many or after a moment', () => {
    vi.useFakeTimers();
    const written: string[] = [];
    const log = new LineLog({ service: 'proxy', worker: 2 }, 'info', { write: (text) => void written.push(text) });
    const write = log.form({}, 'Call');
    write(1);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(written).toHaveLength(1);
    const wide = log.form({ caller: `jwt:${'ü'.repeat(60)}` }, 'Call');
    for (let n = 0; n < 1_000; n++) (n % 2 === 0 ? write : wide)(n + 0.25);
    expect(written.length).toBeGreaterThan(2);
    expect(written.length).toBeLessThan(100);
    // As much as a pipe takes as one piece, whoever else writes to it.
    expect(Math.max(...written.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(4_096);
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ service: 'proxy', worker: 2 });
    log.close();
    vi.useRealTimers();
  });

  it.each(['warn', 'error', 'silent'] as const)('writes nothing at level %s', (level) => {
    expect(linesOf(level, (log) => log.form({}, 'Call')(1))).toEqual([]);
  });
});
