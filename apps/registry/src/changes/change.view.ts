import { type JsonObject, type JsonValue, type Era } from '@lethe/contracts';
import { hiddenTexts, showHidden } from '@lethe/mcp';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ANY_OBJECT } from '../gateways/found.view.js';
import { changedPointers } from '../catalogue/changed-pointers.js';
import { CHANGE_KINDS, type ChangeKind, type ItemContent } from '../catalogue/item-content.js';
import {
  type Change,
  CHANGE_STATUSES,
  CHANGES,
  type ChangeStatus,
  type VerificationChange,
} from './verification-change.entity.js';

/** Texts that hide something and are shown of one item, and characters of each. */
const MAX_HIDDEN = { texts: 20, characters: 4_000 };

/** A change with the definitions before and after it, as far as they are stored. */
export interface ShownChange {
  change: Pick<VerificationChange, 'kind' | 'own' | 'change' | 'status'> & { decidedAt?: Date | null | undefined };
  before?: ItemContent | undefined;
  after?: ItemContent | undefined;
}

class ItemContentView implements ItemContent {
  @ApiProperty({ ...ANY_OBJECT, description: 'Exactly as the upstream sent it' }) definition!: JsonObject;
  @ApiPropertyOptional({ ...ANY_OBJECT, description: 'What it sent in the legacy era, if that differs' })
  legacyDefinition?: JsonObject;
  @ApiPropertyOptional({ enum: ['legacy', 'modern'], description: 'The only era in which it is listed' }) onlyIn?: Era;
  @ApiPropertyOptional({ type: [String], description: 'Client capabilities without which it is not listed' })
  needs?: string[];
}

class HiddenTextView {
  @ApiProperty({ description: 'JSON pointer into `after`' }) pointer!: string;
  @ApiProperty({ description: 'The text, with what it hides from people as `\\u{202e}`' }) text!: string;
}

/** One change of a verification, with both definitions. */
export class ChangeView {
  @ApiProperty({
    enum: CHANGE_KINDS,
    description: '`server`: what the upstream says of itself, such as its instructions',
  })
  kind!: ChangeKind;
  @ApiProperty({ description: "The upstream's own name, URI or URI template" }) name!: string;
  @ApiProperty({ enum: CHANGES }) change!: Change;
  @ApiProperty({
    enum: CHANGE_STATUSES,
    description:
      '`served` without a review; `pending`: waits for one; `applied` or `rejected` by one; `superseded` by a newer result',
  })
  status!: ChangeStatus;
  @ApiProperty({ type: [String], description: 'JSON pointers to what differs between `before` and `after`' })
  changes!: string[];
  @ApiPropertyOptional({ type: ItemContentView, description: 'Absent if it was added, or is not stored any more' })
  before?: ItemContent;
  @ApiPropertyOptional({ type: ItemContentView, description: 'Absent if it was removed, or is not stored any more' })
  after?: ItemContent;
  @ApiProperty({ type: [HiddenTextView], description: 'New texts that hide characters from people' })
  hidden!: HiddenTextView[];
  @ApiPropertyOptional({ format: 'date-time' }) decidedAt?: string;
}

/** Converts a change to its form in the admin API. */
export function toChangeView({ change, before, after }: ShownChange): ChangeView {
  const { kind, own: name, status, decidedAt } = change;
  const isBoth = before !== undefined && after !== undefined;
  return {
    ...{ kind, name, change: change.change, status },
    changes: isBoth ? changedPointers(asJson(before), asJson(after)) : [],
    ...(before && { before }),
    ...(after && { after }),
    hidden: after ? hiddenOf(after) : [],
    ...(decidedAt && { decidedAt: decidedAt.toISOString() }),
  };
}

function hiddenOf(content: ItemContent): HiddenTextView[] {
  const shown: HiddenTextView[] = [];
  for (const { pointer, text } of hiddenTexts(asJson(content))) {
    if (shown.length === MAX_HIDDEN.texts) break;
    shown.push({ pointer, text: showHidden(text).slice(0, MAX_HIDDEN.characters) });
  }
  return shown;
}

function asJson({ definition, legacyDefinition, onlyIn, needs }: ItemContent): JsonValue {
  return {
    definition,
    ...(legacyDefinition && { legacyDefinition }),
    ...(onlyIn && { onlyIn }),
    ...(needs && { needs }),
  };
}
