import { NAME_LENGTH } from './exposed-names.js';
import type { CreateServerDto } from './server.dto.js';
import type { VirtualServer } from './server.entity.js';

type ServerSettings = Pick<
  VirtualServer,
  | 'name'
  | 'description'
  | 'instructions'
  | 'tags'
  | 'access'
  | 'enabled'
  | 'missingCredential'
  | 'rejectedCredential'
  | 'eras'
  | 'maxNameLength'
>;

/** What a new virtual server exposes, and to whom, before its request is applied. */
export const NOTHING_CHOSEN = { items: [], include: [], grants: null, limits: null, credentials: null };

/** The settings of a new virtual server, with the values of what its request leaves out. */
export function withDefaults(dto: CreateServerDto): ServerSettings {
  return {
    name: dto.name,
    description: dto.description ?? null,
    instructions: dto.instructions ?? null,
    tags: dto.tags ?? [],
    access: dto.access ?? 'key',
    enabled: dto.enabled ?? true,
    missingCredential: dto.missingCredential ?? 'result',
    rejectedCredential: dto.rejectedCredential ?? 'error',
    eras: dto.eras ?? 'auto',
    maxNameLength: dto.maxNameLength ?? NAME_LENGTH.max,
  };
}
