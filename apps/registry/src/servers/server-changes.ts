import { canonicalJson } from '@lethe/sealing';
import { type GatewayRefs, toPicks, toRules } from './server-members.js';
import type { ChangeServerDto } from './server.dto.js';
import type { VirtualServer } from './server.entity.js';
import { toGrants, toLimits } from './stored-grants.js';

/** What administrators set, as text for comparison. */
export function decidedContent(server: VirtualServer): string {
  const { name, description, instructions, access, enabled, missingCredential, eras } = server;
  const { maxNameLength, shortForm, items, include, grants = null, limits = null } = server;
  const texts = [name, description ?? null, instructions ?? null, enabled, missingCredential, eras, maxNameLength];
  const { tags, credentials = null, rejectedCredential } = server;
  return canonicalJson([
    ...texts,
    rejectedCredential,
    tags,
    access,
    shortForm,
    items,
    include,
    grants,
    limits,
    credentials,
  ]);
}

/** Sets the fields that a request gives, other than those about items; what is absent stays. */
export function setMembers(server: VirtualServer, dto: ChangeServerDto): void {
  const { name, description, instructions, tags, access, enabled, missingCredential, eras, maxNameLength } = dto;
  const { rejectedCredential } = dto;
  if (name !== undefined) server.name = name;
  if (description !== undefined) server.description = description;
  if (instructions !== undefined) server.instructions = instructions;
  if (tags !== undefined) server.tags = tags;
  if (access !== undefined) server.access = access;
  if (enabled !== undefined) server.enabled = enabled;
  if (missingCredential !== undefined) server.missingCredential = missingCredential;
  if (rejectedCredential !== undefined) server.rejectedCredential = rejectedCredential;
  if (eras !== undefined) server.eras = eras;
  if (maxNameLength !== undefined) server.maxNameLength = maxNameLength;
}

/** Sets what the request says about items and about who may use them; what is absent stays. */
export function chooseMembers(server: VirtualServer, dto: ChangeServerDto, refs: GatewayRefs): void {
  if (dto.items !== undefined) server.items = toPicks(dto.items, refs);
  if (dto.include !== undefined) server.include = toRules(dto.include, refs);
  if (dto.grants !== undefined) server.grants = dto.grants && toGrants(dto.grants, refs);
  if (dto.limits !== undefined) server.limits = dto.limits && toLimits(dto.limits);
}
