import { ApiProperty } from '@nestjs/swagger';
import type { CallerKey } from './caller-key.entity.js';

/** A caller's key as it can be shown later. */
export class KeyView {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ type: Object }) servers!: string[] | '*';
  @ApiProperty({ nullable: true, type: String }) expiresAt!: string | null;
  @ApiProperty() createdAt!: string;
}

/** With the key itself, this one time. */
export class IssuedKeyView extends KeyView {
  @ApiProperty() key!: string;
}

/** Shows the key, this one time. */
export function toIssuedKeyView(row: CallerKey, key: string): IssuedKeyView {
  const { id, name, servers, expiresAt, createdAt } = toKeyView(row);
  return { id, name, servers, expiresAt, createdAt, key };
}

export function toKeyView({ id, name, servers, expiresAt, createdAt }: CallerKey): KeyView {
  return { id, name, servers, expiresAt: expiresAt?.toISOString() ?? null, createdAt: createdAt.toISOString() };
}
