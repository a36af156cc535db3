import { chosenApp } from './apps.mjs';

const answer = await fetch(`http://127.0.0.1:${chosenApp().port}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
  () => undefined,
);
process.exit(answer?.status === 200 ? 0 : 1);
