/** Servers and credentials of a connection. Contains the password: never log it. */
export interface NatsTarget {
  servers: string[];
  user?: string;
  pass?: string;
  tls?: object;
}

/**
 * Parses `nats://user:password@host:port`. Several servers are separated by commas; the user is that of the first one.
 * @throws Error without the URL, which may contain a password
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
