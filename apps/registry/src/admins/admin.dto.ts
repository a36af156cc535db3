import { ADMIN_ROLES, type AdminRole } from '@lethe/platform';
import { OmitType, PartialType } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { IsDateTime } from '../rest/date-time.js';
import { Field } from '../rest/field.js';
import { Nullable, Optional } from '../rest/optional.js';

/** The longest time for which a rotated token stays valid: a week. */
export const MAX_OVERLAP_SECONDS = 7 * 24 * 60 * 60;

/** An administrator to create. */
export class CreateAdminDto {
  @Field({ description: 'For people: who has the token' })
  @IsString()
  @MinLength(1)
  @MaxLength(120)
  name!: string;
  @Field({
    description: '`viewer` reads; `editor` changes gateways, virtual servers and keys; `admin` administrators too',
  })
  @IsIn(ADMIN_ROLES)
  role!: AdminRole;
  @Field({ description: 'In the future' }) @Nullable() @IsDateTime() expiresAt?: string | null;
}

/** The fields that may change. */
export class ChangeAdminDto extends PartialType(OmitType(CreateAdminDto, [] as const), { skipNullProperties: false }) {
  @Field({ description: 'The token of one that is off is refused' }) @Optional() @IsBoolean() enabled?: boolean;
}

/** How a token is replaced. */
export class RotateAdminDto {
  @Field({ default: 0, description: 'How long the old token stays valid, at most a week' })
  @Optional()
  @IsInt()
  @Min(0)
  @Max(MAX_OVERLAP_SECONDS)
  overlapSeconds?: number;
}
