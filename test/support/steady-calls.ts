import { setTimeout as pause } from 'node:timers/promises';
import { legacy } from './proxy/rpc.js';

const EVERY_MS = 20;

/** Calls of one tool, one every few milliseconds, until they are stopped. */
export function steadyCalls(url: string, tool: string, headers: Record<string, string>) {
  const latenciesMs: number[] = [];
  let failures = 0;
  let isOver = false;
  const call = async (): Promise<void> => {
    const begun = performance.now();
    const isDone = await legacy(url, 'tools/call', { name: tool, arguments: { text: 'x' } }, headers).then(
      ({ status, body }) => status === 200 && body.result?.content?.[0]?.text === 'done',
      () => false,
    );
    if (!isDone) failures += 1;
    latenciesMs.push(performance.now() - begun);
  };
  const all = (async () => {
    const running: Promise<void>[] = [];
    while (!isOver) {
      running.push(call());
      await pause(EVERY_MS);
    }
    await Promise.all(running);
  })();
  return {
    stop: async () => {
      isOver = true;
      await all;
      return { latenciesMs, failures };
    },
  };
}
