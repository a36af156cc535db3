import { type FieldProblem, Problem } from '../../api/problem.js';
import { type Message, useFormats } from '../../text/text.js';
import { EDIT } from './edit-texts.js';

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

/** Says what the registry has refused in a field, or in what is in it; undefined if nothing is wrong. */
export function useErrorAt(error: unknown): (at: string) => string | undefined {
  const { text } = useFormats();
  return (at) => {
    if (!(error instanceof Problem)) return undefined;
    const rules = error.fields
      .filter(({ field }) => field === at || field.startsWith(`${at}.`))
      .map(({ rule }) => rule);
    const said = [...new Set(rules)].map((rule) => text(RULES.get(rule) ?? EDIT.rule_other, { rule }));
    return said.length === 0 ? undefined : said.join(' ');
  };
}

/** Names of rules, as problems have them. */
const RULES: ReadonlyMap<string, Message> = new Map(
  Object.entries(EDIT).flatMap(([name, message]) => (name.startsWith('rule_') ? [[name.slice(5), message]] : [])),
);
