import type { Run } from '../measure.js';

/** Everything about a run, for the person who adds a client. */
export function traceOf({ name, results, failure, secretFiles, said, exchanges }: Run): string {
  const requests = exchanges.map(({ target, method, path, status, rpc, listed }) =>
    [target, method, path, status, rpc && JSON.stringify(rpc), listed?.length].join(' '),
  );
  return [
    `--- ${name}`,
    JSON.stringify({ results, failure, secretFiles }, null, 2),
    said.slice(-3000),
    ...requests,
  ].join('\n');
}
