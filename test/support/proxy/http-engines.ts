/** Both ways of a proxy to read requests and answer them, with the settings that choose it. */
export const HTTP_ENGINES: readonly [name: string, env: NodeJS.ProcessEnv][] = [
  ['fast HTTP path', { PROXY_FAST_HTTP: 'on' }],
  ['node’s own HTTP', { PROXY_FAST_HTTP: 'off' }],
];
