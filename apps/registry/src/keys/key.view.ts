import { ApiProperty } from '@nestjs/swagger';
import type { CallerKey } from './caller-key.entity.js';
import { endOf, hasKeyEnded } from './key-end.js';

/** States of keys that are not revoked. */
export const KEY_STATES = ['active', 'expired'] as const;
/** State of a key that is not revoked. */
export type KeyState = (typeof KEY_STATES)[number];

/** A caller's key, without the key itself. */
export class KeyView {
  @ApiProperty({ description: 'Stands in the key, too: `lethe_key_<id>_<secret>`' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ enum: KEY_STATES }) state!: KeyState;
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
  @ApiProperty({ nullable: true, type: String, description: 'Id of the key whose place this one took, by a rotation' })
  replaces!: string | null;
  @ApiProperty({ nullable: true, type: String, description: 'Id of the key that takes the place of this one' })
  replacedBy!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'Exact to two minutes; null: never' })
  lastUsedAt!: string | null;
  @ApiProperty({ nullable: true, type: String, description: 'Id of the virtual server that it was used for then' })
  lastServerId!: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
}

/** A caller's key with the key itself; only the responses to its creation and to a rotation have it. */
export class IssuedKeyView extends KeyView {
  @ApiProperty({ description: 'Shown this once' }) key!: string;
}

/** Adds the key itself, for the response that shows it. */
export function toIssuedKeyView(row: CallerKey, key: string): IssuedKeyView {
  return { ...toKeyView(row), key };
}

/** Converts a key to its form in the admin API. */
export function toKeyView(key: CallerKey): KeyView {
  const { id, name, servers, roles, replaces, replacedBy, lastUsedAt, lastServerId, createdAt } = key;
  return {
    ...{ id, name, state: hasKeyEnded(key, new Date()) ? 'expired' : 'active', servers, roles: roles ?? [] },
    expiresAt: endOf(key)?.toISOString() ?? null,
    replaces: replaces ?? null,
    replacedBy: replacedBy ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    lastServerId: lastServerId ?? null,
    createdAt: createdAt.toISOString(),
  };
}
