import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A Secret as a client of the API server sends it. */
interface SentSecret {
  metadata: { name: string };
  data: Record<string, string>;
}

/** Files in a Secret, by their names. */
export type SecretFiles = Record<string, string>;

/** The part of the API server that the Job for the keys uses: reads and creates Secrets of one namespace. */
export async function startSecretsApi(namespace: string) {
  const secrets = new Map<string, SecretFiles>();
  const token = randomBytes(16).toString('hex');
  const collection = `/api/v1/namespaces/${namespace}/secrets`;
  const answerTo = (method: string, url: string, body: string): number => {
    if (method === 'GET' && url.startsWith(`${collection}/`)) {
      return secrets.has(url.slice(collection.length + 1)) ? 200 : 404;
    }
    if (method !== 'POST' || url !== collection) return 403;
    const { metadata, data }: SentSecret = JSON.parse(body);
    if (secrets.has(metadata.name)) return 409;
    const files = Object.entries(data).map(([file, value]) => [file, Buffer.from(value, 'base64').toString('utf8')]);
    secrets.set(metadata.name, Object.fromEntries(files));
    return 201;
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const isKnown = request.headers.authorization === `Bearer ${token}`;
      response.writeHead(isKnown ? answerTo(request.method ?? '', request.url ?? '', body) : 401).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secrets,
    /** The files of the service account that may do this. */
    account: { token, namespace } satisfies SecretFiles,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
