import type { ComparedCell } from '../../../support/real-servers/cells.js';
import { notAllowed } from '../../../support/real-servers/allowed-differences.js';
import type { Difference } from '../../../support/real-servers/differences.js';
import type { Observation } from '../../../support/real-servers/observe.js';

/** The columns in which direct use and use through Lethe are compared, with the members of an observation in each. */
export const ASPECTS = {
  lists: ['tools', 'resources', 'templates', 'prompts'],
  call: ['call'],
  read: ['read'],
  prompt: ['prompt'],
  instructions: ['instructions'],
  capabilities: ['capabilities'],
  state: ['state'],
  asks: ['ask'],
} as const satisfies Record<string, readonly string[]>;
export type Aspect = keyof typeof ASPECTS;

/** The same, the same but for what eras.md allows, different, or not there to compare. */
export const MARKS = { same: '=', allowed: '~', different: '**≠**', none: '-' } as const;

/** How one column of one cell looks. */
export function markOf(cell: ComparedCell, aspect: Aspect): string {
  const members: readonly string[] = ASPECTS[aspect];
  const { direct, through } = cell.comparison;
  if (!members.some((member) => hasContent(direct, member) || hasContent(through, member))) return MARKS.none;
  const found = cell.found.filter(({ path }) => members.includes(memberOf(path)));
  if (found.length === 0) return MARKS.same;
  return notAllowed(found, cell).length === 0 ? MARKS.allowed : MARKS.different;
}

/** What differs in a cell although no rule allows it. */
export function defectsOf(cell: ComparedCell): Difference[] {
  return cell.isRefused ? [] : notAllowed(cell.found, cell);
}

function memberOf(path: string): string {
  return path.split('.')[0] ?? '';
}

function hasContent(view: Observation, member: string): boolean {
  const value = view[member];
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}
