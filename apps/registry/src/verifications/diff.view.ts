import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ChangeView } from '../changes/change.view.js';
import { REVIEW_REASONS, type ReviewReason } from '../changes/decide-changes.js';

/** One page of what a verification changed. */
export class DiffView {
  @ApiProperty({ format: 'uuid' }) verification!: string;
  @ApiProperty({
    format: 'uuid',
    nullable: true,
    type: String,
    description: 'The verification that served when the result came; null if none did',
  })
  comparedWith!: string | null;
  @ApiProperty({ enum: REVIEW_REASONS, nullable: true, description: 'Why a part of it waits for a review' })
  waits!: ReviewReason | null;
  @ApiProperty({ type: [ChangeView] }) items!: ChangeView[];
  @ApiPropertyOptional({ description: 'Absent on the last page' }) nextCursor?: string;
}
