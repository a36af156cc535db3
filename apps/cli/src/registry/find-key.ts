import { nearestWord } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { type KeyResponse, keyResponse } from './key-responses.js';
import type { RegistryClient } from './registry-client.js';

const ID = /^[0-9a-f]{16}$/;

/**
 * The key with this id or name.
 * @throws CliError `not_found`, `ambiguous`
 */
export async function findKey(client: RegistryClient, reference: string): Promise<KeyResponse> {
  const byId = ID.test(reference) ? await keyWithId(client, reference) : undefined;
  if (byId) return byId;
  const keys = await client.list(keyResponse, '/keys');
  const [key, ...others] = keys.filter(({ name }) => name === reference);
  if (key === undefined) {
    const near = nearestWord(
      reference,
      keys.map(({ name }) => name),
    );
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    throw new CliError('refused', 'not_found', `No key has this name or id, or it was revoked${meant}`, [
      'To see all of them: lethe keys ls',
    ]);
  }
  if (others.length === 0) return key;
  throw new CliError('usage', 'ambiguous', 'Several keys have this name', [
    `Give an id: ${[key, ...others].map(({ id }) => id).join(', ')}`,
  ]);
}

async function keyWithId(client: RegistryClient, id: string): Promise<KeyResponse | undefined> {
  return client.request(keyResponse, 'GET', `/keys/${id}`).catch((error: unknown) => {
    if (error instanceof CliError && error.code === 'not_found') return undefined;
    throw error;
  });
}
