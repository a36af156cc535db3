import { describe, expect, it } from 'vitest';
import { startCommand } from './builds.js';
import { readOptions } from './options.js';

describe('the options of weighing', () => {
  it('are five rounds of all but the soak, a minute at rest', () => {
    const { parts, rounds, idleSeconds } = readOptions(['--weigh']);
    expect([[...parts], rounds, idleSeconds]).toEqual([['embedded', 'slot', 'proxy', 'load', 'size'], 5, 60]);
  });

  it('record what the guard measures, in more rounds', () => {
    const [guarded, recorded] = [readOptions(['--ratios']), readOptions(['--record'])];
    expect({ ...recorded, rounds: 1, isRecord: false }).toEqual(guarded);
    expect(recorded.rounds).toBe(5);
  });

  it('soak in one round, ten minutes each', () => {
    const { rounds, minutes } = readOptions(['--part', 'soak']);
    expect([rounds, minutes]).toEqual([1, 10]);
  });

  it('are refused where they are none', () => {
    expect(() => readOptions(['--part', 'cpu'])).toThrow('--part is one of');
    expect(() => readOptions(['--rounds', 'many'])).toThrow('--rounds');
  });
});

describe('a service of a checkout', () => {
  it('starts as its npm script does', () => {
    const script = 'sh scripts/ready.sh && exec env A=1 B=2 node --min-semi-space-size=16 dist/apps/proxy/src/main.js';
    expect(startCommand(script, '/other')).toEqual([
      'env',
      'A=1',
      'B=2',
      process.execPath,
      '--min-semi-space-size=16',
      '/other/dist/apps/proxy/src/main.js',
    ]);
  });

  it('starts without variables where its script sets none', () => {
    const started = startCommand('exec node dist/apps/proxy/src/main.js', '/other');
    expect(started).toEqual(['env', process.execPath, '/other/dist/apps/proxy/src/main.js']);
  });

  it('is not guessed where its script is another', () => {
    expect(() => startCommand('vitest', '/other')).toThrow('no script that starts a service');
  });
});
