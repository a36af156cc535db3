import type { JsonValue } from '@lethe/contracts';
import type { Difference } from './differences.js';

/** What is known of the two views that are compared. */
export interface Cell {
  /** Client and server speak the same era through Lethe. */
  isRelayed: boolean;
  /** The era that the client speaks with Lethe. */
  era: 'legacy' | 'modern';
  /** The server keeps sessions of the legacy era. */
  isSessionful: boolean;
}

/** A difference that docs/operations/eras.md names under "What a client sees differently". */
interface AllowedDifference {
  why: string;
  path: RegExp;
  holds?(difference: Difference, cell: Cell): boolean;
}

const EMPTY_LIST = 0;
const isMissing = (value: JsonValue | undefined): boolean => value === undefined || value === null;
const fallsAway = ({ through }: Difference): boolean => isMissing(through);
const isAdded = ({ direct }: Difference): boolean => isMissing(direct);

/** Every way in which Lethe may show a server differently; what is not in this list is a defect. */
export const ALLOWED_DIFFERENCES: readonly AllowedDifference[] = [
  {
    why: 'name and version are those of the virtual server',
    path: /^serverInfo\.(name|version)$/,
  },
  {
    why: 'a server without a title has that of the virtual server',
    path: /^serverInfo\.title$/,
    holds: isAdded,
  },
  {
    why: 'each connection has the version that was agreed on for it',
    path: /^protocolVersion$/,
  },
  {
    why: 'an item that is not there is unknown to Lethe, which does not ask the upstream',
    path: /^unknownTool\b/,
  },
  {
    why: 'Lethe itself announces changed lists',
    path: /^capabilities\.(tools|resources|prompts)\.listChanged$/,
    holds: ({ through }) => through === true,
  },
  {
    why: 'a capability without its members',
    path: /^capabilities\.(tools|resources|prompts)$/,
    holds: isMember,
  },
  {
    why: 'no capability for a list that is empty',
    path: /^capabilities\.(tools|resources|prompts)\.\w+$/,
    holds: ({ direct, through }) => isMissing(through) && direct === false,
  },
  {
    why: 'no capability for a list that is empty',
    path: /^(resources|templates|prompts)(\.length)?$/,
    holds: ({ direct, through }) => isMissing(through) && (isMissing(direct) || direct === EMPTY_LIST),
  },
  {
    why: 'tasks are not supported',
    path: /^capabilities\.tasks\b/,
    holds: fallsAway,
  },
  {
    why: 'modern clients are told nothing of the tasks of the legacy era',
    path: /^tools\..*\.execution\b/,
    holds: (found, { era }) => fallsAway(found) && era === 'modern',
  },
  {
    why: 'subscriptions need a session, or the modern era',
    path: /^capabilities\.resources\.subscribe$/,
    holds: (found, { isRelayed, isSessionful, era }) =>
      fallsAway(found) && !(isRelayed && (isSessionful || era === 'modern')),
  },
  {
    why: 'log levels of a session are not translated',
    path: /^capabilities\.logging$/,
    holds: (found, { isRelayed }) => fallsAway(found) && !isRelayed,
  },
  {
    why: 'a result that is translated for a modern client says who answered, and how long it is good for',
    path: /^(call|read|prompt|state|ask)\b.*(_meta\.io\.modelcontextprotocol\/serverInfo\.\w+|ttlMs|cacheScope)$/,
    holds: (found, { isRelayed, era }) => !isRelayed && (era === 'modern' ? isAdded(found) : fallsAway(found)),
  },
  {
    why: 'legacy clients get no $schema that is the default',
    path: /^tools\..*\.\$schema$/,
    holds: (found, { era }) => fallsAway(found) && era === 'legacy',
  },
];

/** The differences that no rule allows. */
export function notAllowed(found: readonly Difference[], cell: Cell): Difference[] {
  return found.filter((difference) => rulesFor(difference, cell).length === 0);
}

/** The reasons for which a difference is allowed. */
export function rulesFor(difference: Difference, cell: Cell): AllowedDifference[] {
  return ALLOWED_DIFFERENCES.filter(
    ({ path, holds }) => path.test(difference.path) && (holds === undefined || holds(difference, cell)),
  );
}

/** `{}` on one side, and members of it on the other. */
function isMember({ direct, through }: Difference): boolean {
  return JSON.stringify(direct ?? {}) === '{}' && JSON.stringify(through ?? {}) === '{}';
}
