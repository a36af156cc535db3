import { ApiProperty } from '@nestjs/swagger';
import type { CallerKey } from './caller-key.entity.js';

/** A caller's key, without the key itself. */
export class KeyView {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({
    description: 'Ids of virtual servers, or `*` for all',
    oneOf: [
      { type: 'array', items: { type: 'string', format: 'uuid' } },
      { type: 'string', enum: ['*'] },
    ],
  })
  servers!: string[] | '*';
  @ApiProperty({ type: [String], description: 'What grants name' }) roles!: string[];
  @ApiProperty({ nullable: true, type: String, format: 'date-time' }) expiresAt!: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
}

/** A caller's key with the key itself; only the response to its creation has it. */
export class IssuedKeyView extends KeyView {
  @ApiProperty({ description: 'Shown this once' }) key!: string;
}

/** Adds the key itself, for the response to its creation. */
export function toIssuedKeyView(row: CallerKey, key: string): IssuedKeyView {
  return { ...toKeyView(row), key };
}

/** Converts a key to its form in the admin API. */
export function toKeyView({ id, name, servers, roles, expiresAt, createdAt }: CallerKey): KeyView {
  return {
    ...{ id, name, servers, roles: roles ?? [] },
    expiresAt: expiresAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
