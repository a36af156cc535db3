import type { CredentialParameter } from '@lethe/contracts';

/** Writes parameters into the query of a URL, in place of those of the same names, as calls do for a mapping `to.query`. */
export function withParameters(url: string, parameters: readonly CredentialParameter[]): string {
  if (parameters.length === 0) return url;
  const written = new URL(url);
  const names = new Set(parameters.map(({ name }) => name));
  const kept = written.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !names.has(nameOf(pair)));
  const added = parameters.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  written.search = [...kept, ...added].join('&');
  return written.href;
}

function nameOf(pair: string): string {
  return [...new URLSearchParams(pair).keys()][0] ?? '';
}
