import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENTITIES } from '../../apps/registry/src/database-options.js';
import { verifies } from '../requirements.js';
import { ROOT } from '../support/processes.js';

/** Entities whose changes are in the audit log; each belongs to an `AuditedKind`. */
const AUDITED = ['Admin', 'CallerKey', 'Gateway', 'GatewayConfig', 'KeptCredential', 'Verification', 'VirtualServer'];

/** Why the changes of the others have no entry. */
const NOT_AUDITED: Record<string, string> = {
  ActivityCount: 'counts of calls, as proxies tell them',
  ActivitySource: 'which notices of proxies are counted',
  AuditEntry: 'it is the log',
  ExposedName: 'names follow from servers and catalogues',
  IdempotentRequest: 'answers that are kept for a day',
  IndexedCatalogue: 'which catalogues the search index has',
  ItemVersion: 'definitions; the entry of a verification counts its changes',
  KeyedRequest: 'answers that are kept for a day',
  RejectedItem: 'what was rejected last; the verification has an entry',
  SearchableItem: 'a copy of catalogues for the search',
  SeenCall: 'a call, as a proxy told it',
  ServerGateway: 'follows from the items and rules of a server',
  StagedPart: 'a result on its way; the verification has an entry',
  VerificationChange: 'what a verification changed; the verification has an entry for each decision',
  StoredItem: 'what a verification found; that has an entry',
};

const sources = globSync('apps/registry/src/**/*.ts', { cwd: ROOT }).filter((file) => !file.endsWith('.spec.ts'));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

describe('rows that administrators change', () => {
  it('are all in the audit log, or listed with a reason', () => {
    verifies('audit.complete');
    const names = ENTITIES.map(({ name }) => name);
    expect(names.toSorted()).toEqual([...AUDITED, ...Object.keys(NOT_AUDITED)].toSorted());
    const watched = sources.filter((file) => file.endsWith('-audit.service.ts')).map(read).join('\n'); // prettier-ignore
    expect(AUDITED.filter((name) => !watched.includes(`instanceof ${name}`))).toEqual([]);
  });

  it('are written through entities: the audit log does not see other statements', () => {
    verifies('audit.complete');
    const unseen = new RegExp(
      String.raw`\b(?:native(?:Update|Delete)|insert(?:Many)?|upsert(?:Many)?)\(\s*(?:${AUDITED.join('|')})\b`,
    );
    const found = sources.filter((file) => unseen.test(read(file)));
    expect(found).toEqual([]);
    expect(unseen.test('em.nativeDelete(Gateway, { id })')).toBe(true);
  });
});
