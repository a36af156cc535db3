import { type CatalogueCounts, type Era, erasOf, type ItemCounts, type UpstreamFacts } from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ItemCountsView } from './found.view.js';

/** One era in which an upstream was verified, and what it lists there. */
export class EraView {
  @ApiProperty({ enum: ['legacy', 'modern'] }) era!: Era;
  @ApiProperty() protocolVersion!: string;
  @ApiProperty() sessionful!: boolean;
  @ApiPropertyOptional({ type: ItemCountsView }) counts?: ItemCounts;
}

/** The eras of an upstream, its main one first. */
export function toEraViews(facts: UpstreamFacts, counts: CatalogueCounts | null | undefined): EraView[] {
  return erasOf(facts).map(({ era, protocolVersion, sessionful }) => {
    const listed = counts && itemCounts(counts.byEra?.[era] ?? counts);
    return { era, protocolVersion, sessionful, ...(listed && { counts: listed }) };
  });
}

/** The counts of all eras together. */
export function totalCounts({ byEra: _byEra, ...counts }: CatalogueCounts): CatalogueCounts {
  return counts;
}

function itemCounts({ tools, resources, resourceTemplates, prompts }: ItemCounts): ItemCounts {
  return { tools, resources, resourceTemplates, prompts };
}
