import { isLoopback, type Settings } from '@lethe/platform';

/** Addresses to listen on that take connections to each loopback name, and that take those to `localhost`. */
const NAMES: Record<string, readonly string[]> = {
  '::1': ['localhost', '[::1]'],
  '::': ['localhost', '127.0.0.1', '[::1]'],
  '0.0.0.0': ['localhost', '127.0.0.1'],
};

/**
 * The origins of the console of a registry in this process, by the loopback names that reach it. Its page calls the proxy.
 * @param registryUrl with the port that the registry has got
 */
export function consoleOrigins({ console, host }: Settings, registryUrl: string): string[] {
  if (!console) return [];
  const names = NAMES[host] ?? (isLoopback(host) ? [...new Set(['localhost', host])] : []);
  return names.map((name) => new URL(`http://${name}:${new URL(registryUrl).port || '80'}`).origin);
}
