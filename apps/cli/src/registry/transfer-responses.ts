import * as z from 'zod';
import { problemResponse } from './problem-response.js';

const plannedObject = z.looseObject({
  kind: z.string(),
  slug: z.string(),
  action: z.enum(['create', 'change', 'delete', 'unchanged']),
  changes: z
    .array(z.looseObject({ field: z.string(), before: z.json().optional(), after: z.json().optional() }))
    .default([]),
  verify: z.string().optional(),
  keep: z.string().optional(),
  catalogue: z.string().optional(),
  problem: z
    .looseObject({ code: z.string(), title: z.string(), detail: z.record(z.string(), z.unknown()).optional() })
    .optional(),
});
/** What an import does to one gateway or virtual server. */
export type PlannedObject = z.infer<typeof plannedObject>;

/** What an import does, or would do. */
export const planResponse = z.looseObject({
  applied: z.boolean(),
  planDigest: z.string(),
  counts: z.looseObject({
    create: z.number(),
    change: z.number(),
    delete: z.number(),
    unchanged: z.number(),
    problems: z.number(),
  }),
  objects: z.array(plannedObject),
});
/** What an import does, or would do. */
export type PlanResponse = z.infer<typeof planResponse>;

/** The rules that an object of a document breaks. */
export function rulesOf({ problem }: PlannedObject): string[] {
  const found = problemResponse.shape.errors.safeParse(problem?.detail?.['errors']);
  const rules = (found.data ?? []).map(({ field, rule }) => `${field}: ${rule}`);
  const { rule, hint } = problem?.detail ?? {};
  return [...rules, ...[rule, hint].filter((each) => typeof each === 'string')];
}
