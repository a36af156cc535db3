/** Where and as whom to connect; the password is in here, so this is never logged. */
export interface NatsTarget {
  servers: string[];
  user?: string;
  pass?: string;
  tls?: object;
}

/**
 * Reads `nats://user:password@host:port`; several servers are separated by commas, the user is taken from the first.
 * @throws Error without the URL, which may carry a password
 */
export function natsTarget(url: string): NatsTarget {
  const urls = url.split(',').map(parsed);
  const [first] = urls;
  if (!first) throw new Error('NATS_URL: no server');
  return {
    servers: urls.map(({ host, port, hostname }) => (port ? host : `${hostname}:4222`)),
    ...(first.username && { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }),
    ...(first.protocol === 'tls:' && { tls: {} }),
  };
}

function parsed(text: string): URL {
  const url = URL.parse(text.trim());
  if (!url || !['nats:', 'tls:'].includes(url.protocol)) throw new Error('NATS_URL: not a nats:// or tls:// URL');
  return url;
}
