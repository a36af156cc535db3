import { type PlannedObject, type PlanResponse, rulesOf } from '../registry/transfer-responses.js';

const MARKS = { create: '+', change: '~', delete: '-', unchanged: '=' } as const;
/** Longest text of a value: what is longer is told in short. */
const MAX_SHOWN = 100;
const CATALOGUE: Record<string, string> = {
  receipt_untrusted: 'its receipt is of a connector with other trust keys',
  catalogue_changed: 'its catalogue is not as a registry with these trust keys exported it',
  receipt_older: 'a later verification has replaced its catalogue',
  other_gateway: 'its catalogue is of another gateway, which had this slug',
  other_configuration: 'its catalogue is of another URL, other headers or other certificates',
};

/** The objects that are not as the document says. */
export function changesOf({ objects }: PlanResponse): PlannedObject[] {
  return objects.filter(({ action }) => action !== 'unchanged');
}

/** A plan for people: what is created, changed and deleted, and what stands against it. */
export function planLines(plan: PlanResponse): string[] {
  const { create, change, delete: deleted, unchanged, problems } = plan.counts;
  const told = plan.objects.filter(
    ({ action, catalogue, keep, problem }) => action !== 'unchanged' || catalogue || keep || problem,
  );
  const counts = `${create} to create, ${change} to change, ${deleted} to delete, ${unchanged} unchanged`;
  return [...told.flatMap(objectLines), `${counts}${problems > 0 ? `, ${problems} with a problem` : ''}.`];
}

function objectLines(object: PlannedObject): string[] {
  const { kind, slug, action, changes, verify, keep, catalogue, problem } = object;
  return [
    `${MARKS[action]} ${kind} ${slug}`,
    ...changes.map(({ field, before, after }) => `    ${field}: ${valueText(before)} -> ${valueText(after)}`),
    ...(catalogue === undefined ? [] : [`    ${CATALOGUE[catalogue] ?? catalogue}`]),
    ...(verify === undefined ? [] : [`    waits for: ${verify}`]),
    ...(keep === undefined ? [] : [`    a credential is kept for it elsewhere, and none here: ${keep}`]),
    ...(problem === undefined
      ? []
      : [`    problem: ${[problem.title, ...rulesOf(object)].join('; ')} (${problem.code})`]),
  ];
}

function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  const text = JSON.stringify(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}...`;
}
