import type { Gateway } from '../gateways/gateway.entity.js';
import type { Composed } from './composition.js';
import { estimatedTokens } from './list-size.js';

/** From here on, the tools take a part of a model's context that people notice: some clients warn there, too. */
export const TOOL_TOKENS = 25_000;

/** Codes of warnings about what a virtual server exposes. */
export const CURATION_WARNINGS = ['hints_untrusted', 'tags_unsealed', 'tools_over_limit'] as const;

/** Rules do not include a gateway as one would expect. */
export interface GatewayWarning {
  /**
   * `hints_untrusted`: a rule asks for annotations, and the gateway has no `trustHints`; `tags_unsealed`: its tags are from
   * before they had an authentication code, or somebody else has changed them.
   */
  code: 'hints_untrusted' | 'tags_unsealed';
  /** Slug. */
  gateway: string;
}

/** The tools are long for a model. */
export interface SizeWarning {
  code: 'tools_over_limit';
  estimatedTokens: number;
  limitTokens: number;
}

/** What an administrator should know of what a virtual server exposes. */
export type CurationWarning = GatewayWarning | SizeWarning;

/** What rules leave out although they name it. @param gateways those of the server, and unsealed ones */
export function gatewayWarnings(
  { include, unsealed }: Composed,
  gateways: readonly Pick<Gateway, 'id' | 'slug' | 'trustHints' | 'deletedAt'>[],
): GatewayWarning[] {
  const asked = new Set(include.flatMap(({ gateway, annotations }) => (annotations === undefined ? [] : gateway)));
  return gateways.flatMap(({ id, slug, trustHints, deletedAt }): GatewayWarning[] => [
    ...(asked.has(id) && !trustHints && !deletedAt ? [{ code: 'hints_untrusted' as const, gateway: slug }] : []),
    ...(unsealed.includes(id) ? [{ code: 'tags_unsealed' as const, gateway: slug }] : []),
  ]);
}

/** @param toolBytes unknown if the server was published before it was counted */
export function sizeWarnings(toolBytes: number | null | undefined): SizeWarning[] {
  const tokens = estimatedTokens(toolBytes ?? 0);
  return tokens > TOOL_TOKENS ? [{ code: 'tools_over_limit', estimatedTokens: tokens, limitTokens: TOOL_TOKENS }] : [];
}
