import { NAME_LENGTH } from './exposed-names.js';
import type { CreateServerDto } from './server.dto.js';

/** What a new virtual server exposes, and to whom, before its request is applied. */
export const NOTHING_CHOSEN = { items: [], include: [], grants: null, limits: null };

/** The settings of a new virtual server, with the values of what its request leaves out. */
export function withDefaults(dto: CreateServerDto) {
  return {
    name: dto.name,
    description: dto.description ?? null,
    instructions: dto.instructions ?? null,
    access: dto.access ?? ('key' as const),
    enabled: dto.enabled ?? true,
    missingCredential: dto.missingCredential ?? ('result' as const),
    eras: dto.eras ?? ('auto' as const),
    maxNameLength: dto.maxNameLength ?? NAME_LENGTH.max,
  };
}
