import * as contracts from '@lethe/contracts';
import { SERVICE_FILES } from '@lethe/sealing';
import { getMetadataStorage } from 'class-validator';
import { STORED_KINDS } from '../../../apps/proxy/src/routes/snapshot/stored-routes.js';

/** The classes of all messages, by their names. */
export const MESSAGE_CLASSES = new Map(
  Object.values(contracts).flatMap((each) => (isClass(each) ? [[each.name, each] as const] : [])),
);

function isClass(value: unknown): value is contracts.PayloadClass<object> {
  return typeof value === 'function' && /^class\s/.test(Function.prototype.toString.call(value));
}

/** Rules that a shape does not show: how long a text may be, and what form it has. */
const RULES = ['matches', 'min', 'max', 'maxLength', 'isUuid', 'isIso8601', 'isInt'];

function rules(): Record<string, string> {
  const storage = getMetadataStorage();
  const found = [...MESSAGE_CLASSES].flatMap(([name, type]) => {
    const ofClass = storage.getTargetValidationMetadatas(type, '', false, false);
    const ofMembers = Map.groupBy(ofClass, ({ propertyName }) => propertyName);
    return [...ofMembers].map(
      ([member, each]) =>
        [
          `${name}.${member}`,
          each.flatMap(({ name: rule = '', constraints = [] }) =>
            RULES.includes(rule) ? [textOf(rule, constraints)] : [],
          ),
        ] as const,
    );
  });
  return Object.fromEntries(found.filter(([, each]) => each.length > 0).map(([at, each]) => [at, each.toSorted().join(', ')])); // prettier-ignore
}

function textOf(rule: string, constraints: unknown[]): string {
  return [rule, ...constraints.filter((each) => each !== undefined).map(String)].join(' ');
}

/** Names and limits on which services of two versions must agree. */
export function contractConstants(): object {
  return {
    subjects: contracts.SUBJECTS,
    stream: { name: contracts.EVENT_STREAM.name, subjects: contracts.EVENT_STREAM.subjects },
    queues: { reserveSlot: contracts.ReserveSlot.queue, fetchRoutes: contracts.FetchRoutes.queue },
    buckets: contracts.BUCKETS,
    claimTypes: contracts.CLAIM_TYPES,
    sealedCredential: contracts.SEALED_CREDENTIAL,
    prefixes: { callerKey: contracts.CALLER_KEY_PREFIX, adminToken: contracts.ADMIN_TOKEN_PREFIX },
    limits: { messageBytes: contracts.MAX_MESSAGE_BYTES, blockBytes: contracts.MAX_BLOCK_BYTES },
    routeFile: STORED_KINDS,
    trustFiles: SERVICE_FILES,
    rules: rules(),
  };
}

/** Where a value of the golden constants is gone or another one now. Additions are fine. */
export function changedConstants(golden: unknown, today: unknown, path = ''): string[] {
  if (Array.isArray(golden) && Array.isArray(today)) {
    return golden.filter((each) => !today.includes(each)).map((each) => `${path}: ${String(each)} is gone`);
  }
  if (typeof golden !== 'object' || golden === null) {
    return golden === today ? [] : [`${path}: is ${JSON.stringify(today)}, was ${JSON.stringify(golden)}`];
  }
  const now = typeof today === 'object' && today !== null ? new Map<string, unknown>(Object.entries(today)) : new Map();
  return Object.entries(golden).flatMap(([name, value]) =>
    changedConstants(value, now.get(name), `${path}${path && '.'}${name}`),
  );
}
