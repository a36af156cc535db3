import type { FieldProblem } from '../../api/problem.js';

/** Fields of the form, as the admin API names them. */
const SHOWN = [
  'name',
  'description',
  'tags',
  'listing',
  'drift',
  'trustHints',
  'limits',
  'passthroughHeaders',
  'tlsCa',
];
/** Those that have members: what is wrong with them stands at a member. */
const MEMBERS =
  /^(?:limits\.concurrent|limits\.breaker\.(?:failures|openSeconds)|passthroughHeaders\.\d+(?:\.[a-z.]+)?)$/;

/** Whether the form has a place for an error of a field. */
export function namesError({ field }: FieldProblem): boolean {
  const [first = ''] = field.split('.');
  return first === 'limits' || first === 'passthroughHeaders' ? MEMBERS.test(field) : SHOWN.includes(first);
}
