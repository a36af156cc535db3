import { describe, expect, it } from 'vitest';
import { startArguments } from './builds.js';
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
    const script = 'sh scripts/ready.sh && exec node --min-semi-space-size=16 dist/apps/proxy/src/main.js';
    expect(startArguments(script, '/other')).toEqual([
      '--min-semi-space-size=16',
      '/other/dist/apps/proxy/src/main.js',
    ]);
  });

  it('is not guessed where its script is another', () => {
    expect(() => startArguments('vitest', '/other')).toThrow('no script that starts a service');
  });
});
