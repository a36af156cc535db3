import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { ADMIN_ROLES, type AdminRole } from '@lethe/platform';
import { Nullable, Optional } from '../rest/optional.js';

/** The longest time for which a rotated token stays valid: a week. */
export const MAX_OVERLAP_SECONDS = 7 * 24 * 60 * 60;

/** An administrator to create. */
export class CreateAdminDto {
  @ApiProperty({ minLength: 1, maxLength: 120, description: 'For people: who has the token' })
  @IsString()
  @MinLength(1)
  @MaxLength(120)
  name!: string;
  @ApiProperty({
    enum: ADMIN_ROLES,
    description: '`viewer` reads; `editor` changes gateways, virtual servers and keys; `admin` administrators too',
  })
  @IsIn(ADMIN_ROLES)
  role!: AdminRole;
  @ApiPropertyOptional({ format: 'date-time', nullable: true, type: String, description: 'In the future' })
  @Nullable()
  @IsISO8601({ strict: true })
  expiresAt?: string | null;
}

/** The fields that may change. */
export class ChangeAdminDto extends PartialType(OmitType(CreateAdminDto, [] as const), { skipNullProperties: false }) {
  @ApiPropertyOptional({ description: 'The token of one that is off is refused' })
  @Optional()
  @IsBoolean()
  enabled?: boolean;
}

/** How a token is replaced. */
export class RotateAdminDto {
  @ApiPropertyOptional({
    type: 'integer',
    default: 0,
    minimum: 0,
    maximum: MAX_OVERLAP_SECONDS,
    description: 'How long the old token stays valid, at most a week',
  })
  @Optional()
  @IsInt()
  @Min(0)
  @Max(MAX_OVERLAP_SECONDS)
  overlapSeconds?: number;
}
