import { fileURLToPath } from 'node:url';
import { specTypeSchemas } from '@modelcontextprotocol/client';
import {
  ClientNotificationSchema,
  ClientRequestSchema,
  ServerNotificationSchema,
  ServerRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { methodsPage } from '../support/methods-page.js';
import { specifiedMethods } from '../support/specification.js';
import { verifies } from '../requirements.js';
import { contradictions, routedMethods } from '../support/method-catalogue.js';

const PAGE = fileURLToPath(new URL('../../docs/operations/methods.md', import.meta.url));
const known = (from: 'client' | 'upstream', era: 'legacy' | 'modern'): string[] =>
  routedMethods().flatMap((row) => (row.from === from && row.routed[era] !== null ? [row.method] : []));

describe('the table of methods', () => {
  it.each(['legacy', 'modern'] as const)('has every method of the %s schemas, in both directions', (era) => {
    verifies('methods.known');
    expect(known('client', era)).toEqual(expect.arrayContaining([...specifiedMethods(era, 'client')]));
    expect(known('upstream', era).sort()).toEqual([...specifiedMethods(era, 'server')].sort());
    expect(specifiedMethods(era, 'client').size).toBeGreaterThan(10);
  });

  it('supports no method that is in no schema', () => {
    const specified = [...specifiedMethods('legacy', 'client'), ...specifiedMethods('modern', 'client')];
    expect(
      [...known('client', 'legacy'), ...known('client', 'modern')].filter((one) => !specified.includes(one)),
    ).toEqual([]);
  });

  it('has every method of the SDK for the legacy era', () => {
    const methods = (schema: { options: readonly { shape: { method: { value: string } } }[] }): string[] =>
      schema.options.map(({ shape }) => shape.method.value);
    const ofClients = [...methods(ClientRequestSchema), ...methods(ClientNotificationSchema)];
    const ofServers = [...methods(ServerRequestSchema), ...methods(ServerNotificationSchema)];
    expect(ofClients.filter((method) => !known('client', 'legacy').includes(method))).toEqual([]);
    expect(ofServers.filter((method) => !known('upstream', 'legacy').includes(method))).toEqual([]);
  });

  it('has every method of the SDK for both eras', () => {
    const methods = Object.values(specTypeSchemas).flatMap((schema) => methodOf(schema) ?? []);
    const all = routedMethods().map(({ method }) => method);
    expect(methods).toContain('subscriptions/listen');
    expect(methods.filter((method) => !all.includes(method))).toEqual([]);
  });

  it('lists no method both as supported and as unsupported', () => {
    expect(contradictions()).toEqual([]);
  });

  it('is the table in the docs', async () => {
    await expect(await methodsPage()).toMatchFileSnapshot(PAGE);
  });
});

/** The one method that a schema of a request or a notification is for. */
function methodOf(schema: object): string | undefined {
  const shape = 'shape' in schema && typeof schema.shape === 'object' ? schema.shape : undefined;
  const method = shape && 'method' in shape && typeof shape.method === 'object' ? shape.method : undefined;
  return method && 'value' in method && typeof method.value === 'string' ? method.value : undefined;
}
