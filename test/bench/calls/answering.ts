import { Session } from 'node:inspector/promises';

/** What the benchmark asks of the processes that it starts. */
export type Question = 'cpu' | 'count' | 'profile' | 'profiled';

/**
 * The side of a started process: tells that it is ready, then answers what it is asked. It ends with the benchmark.
 * @param count requests taken so far
 */
export function answerBenchmark(ready: object, count: () => number = () => 0): void {
  const profiler = new Session();
  const answers: Record<Question, () => unknown> = {
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    count,
    profile: async () => {
      profiler.connect();
      await profiler.post('Profiler.enable');
      await profiler.post('Profiler.setSamplingInterval', { interval: 250 });
      await profiler.post('Profiler.start');
    },
    profiled: async () => (await profiler.post('Profiler.stop')).profile,
  };
  process.on('message', (question: Question) => {
    void Promise.resolve(answers[question]()).then((answer) => process.send?.({ answer }));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ answer: ready });
}
