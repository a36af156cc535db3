import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type Actor, ACTOR_KINDS } from '../audit/trail/actor.js';
import { ADMIN_ROLES, type AdminRole } from '@lethe/platform';
import type { AdminIdentity } from './admin-identity.js';
import type { Admin } from './admin.entity.js';

/** Who did or made something. */
export class ActorView implements Actor {
  @ApiProperty({ enum: ACTOR_KINDS }) kind!: Actor['kind'];
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiPropertyOptional({ enum: ADMIN_ROLES }) role?: AdminRole;
}

/** An administrator, without the token. */
export class AdminView {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ADMIN_ROLES }) role!: AdminRole;
  @ApiProperty() enabled!: boolean;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' }) expiresAt!: string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    format: 'date-time',
    description: 'Until then the token from before the last rotation is valid, too',
  })
  previousTokenUntil!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'Exact to a minute' })
  lastUsedAt!: string | null;
  @ApiProperty({ nullable: true, type: ActorView }) createdBy!: ActorView | null;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
}

/** An administrator with the token; only the responses to creation and rotation have it. */
export class AdminWithTokenView extends AdminView {
  @ApiProperty() token!: string;
}

/** The administrator who asks. */
export class WhoamiView {
  @ApiProperty({ enum: ['administrator', 'oidc'], description: '`oidc`: known by a token of the issuer' })
  kind!: AdminIdentity['kind'];
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ADMIN_ROLES }) role!: AdminRole;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'When this token expires' })
  expiresAt!: string | null;
}

/** Converts an administrator to its form in the admin API. */
export function toAdminView(admin: Admin): AdminView {
  const { id, name, role, enabled, expiresAt, previousUntil, lastUsedAt, createdBy, createdAt } = admin;
  return {
    id,
    name,
    role,
    enabled,
    expiresAt: expiresAt?.toISOString() ?? null,
    previousTokenUntil: previousUntil && previousUntil > new Date() ? previousUntil.toISOString() : null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    createdBy: createdBy ?? null,
    createdAt: createdAt.toISOString(),
  };
}

/** Converts the administrator who asks. */
export function toWhoamiView({ kind, id, name, role, expiresAt }: AdminIdentity): WhoamiView {
  return { kind, id, name, role, expiresAt: expiresAt?.toISOString() ?? null };
}
