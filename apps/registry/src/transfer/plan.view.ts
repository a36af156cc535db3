import type { JsonValue } from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CATALOGUE_REASONS, type CatalogueReason } from './catalogue-transfer.service.js';

/** What an import does to one object. */
export const ACTIONS = ['create', 'change', 'delete', 'unchanged'] as const;
/** One of `ACTIONS`. */
export type Action = (typeof ACTIONS)[number];

const ANY = { description: 'Absent if there is none', oneOf: [{}] };

/** A field that gets another value. */
export class FieldChangeView {
  @ApiProperty() field!: string;
  @ApiPropertyOptional(ANY) before?: JsonValue;
  @ApiPropertyOptional(ANY) after?: JsonValue;
}

/** Why an object can't be as the document says: the error that the single request would get. */
export class ProblemView {
  @ApiProperty() code!: string;
  @ApiProperty() title!: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'As the members of that error' })
  detail?: object;
}

/** What an import does to a gateway or a virtual server. */
export class PlannedObjectView {
  @ApiProperty({ enum: ['gateway', 'server'] }) kind!: 'gateway' | 'server';
  @ApiProperty() slug!: string;
  @ApiProperty({ enum: ACTIONS }) action!: Action;
  @ApiPropertyOptional({ type: [FieldChangeView], description: 'With `change`' }) changes?: FieldChangeView[];
  @ApiPropertyOptional({
    description: 'The command without which the gateway, or its new configuration, does not serve',
  })
  verify?: string;
  @ApiPropertyOptional({
    description: 'The command that keeps the credential that the document says is kept, and that no document has',
  })
  keep?: string;
  @ApiPropertyOptional({ enum: CATALOGUE_REASONS, description: 'Why the catalogue of the document does not serve' })
  catalogue?: CatalogueReason;
  @ApiPropertyOptional({ type: ProblemView }) problem?: ProblemView;
}

/** How many objects there are of each action. */
export class PlanCountsView {
  @ApiProperty({ type: 'integer' }) create!: number;
  @ApiProperty({ type: 'integer' }) change!: number;
  @ApiProperty({ type: 'integer' }) delete!: number;
  @ApiProperty({ type: 'integer' }) unchanged!: number;
  @ApiProperty({ type: 'integer' }) problems!: number;
}

/** What an import does, or would do. */
export class PlanView {
  @ApiProperty({ description: 'Whether it was done' }) applied!: boolean;
  @ApiProperty({ description: 'The same for the same plan: send it as `If-Match`, and only this plan is carried out' })
  planDigest!: string;
  @ApiProperty({ type: PlanCountsView }) counts!: PlanCountsView;
  @ApiProperty({ type: [PlannedObjectView], description: 'All gateways, then all virtual servers, by slug' })
  objects!: PlannedObjectView[];
}

/** Counts the objects of a plan. */
export function countsOf(objects: readonly PlannedObjectView[]): PlanCountsView {
  const counts: PlanCountsView = { create: 0, change: 0, delete: 0, unchanged: 0, problems: 0 };
  for (const { action, problem } of objects) {
    counts[action] += 1;
    if (problem) counts.problems += 1;
  }
  return counts;
}
