import { type Era, factsIn, type JsonObject, type JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { VirtualServer } from '../routes/table/virtual-server.js';

const THEMES: readonly unknown[] = ['light', 'dark', undefined];

/**
 * The identity of a virtual server in its lists and results. Name and version are Lethe's own, the slug and the revision of
 * the manifest: two virtual servers may show different items of one upstream. The title of a server with one gateway is that
 * of the upstream.
 */
export function serverInfoOf(server: VirtualServer, era: Era): JsonObject {
  const { slug, name, revision } = server.manifest;
  const { title } = upstreamInfo(server, era);
  return { name: slug, title: isText(title) ? title : name, version: String(revision) };
}

/** As `serverInfoOf`, with all that people may see of the upstream of a server with one gateway: for the start of a session. */
export function identityOf(server: VirtualServer, era: Era): JsonObject {
  return { ...serverInfoOf(server, era), ...shownOf(upstreamInfo(server, era)) };
}

function upstreamInfo({ manifest, gateways }: VirtualServer, era: Era): JsonObject {
  const [only, ...others] = manifest.gateways;
  const [gateway] = gateways;
  if (!only || !gateway || others.length > 0) return {};
  return factsIn(only.facts, gateway.servedIn[era].era)?.serverInfo ?? {};
}

/**
 * The members of an upstream's identity that clients show to people, as far as they are valid: some clients refuse the whole
 * response otherwise.
 * https://modelcontextprotocol.io/specification/2025-11-25/schema#implementation
 */
function shownOf({ description, websiteUrl, icons }: JsonObject): JsonObject {
  const validIcons = Array.isArray(icons) ? icons.filter(isIcon) : [];
  return {
    ...(isText(description) && { description }),
    ...(hasScheme(websiteUrl, ['http:', 'https:']) && { websiteUrl }),
    ...(validIcons.length > 0 && { icons: validIcons }),
  };
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

/** Never a script: https://modelcontextprotocol.io/specification/2025-11-25/basic#icons */
function isIcon(icon: JsonValue): boolean {
  if (!isObject(icon) || !hasScheme(icon['src'], ['http:', 'https:', 'data:'])) return false;
  const { mimeType, sizes, theme } = icon;
  const isSized = sizes === undefined || (Array.isArray(sizes) && sizes.every((size) => typeof size === 'string'));
  return isSized && (mimeType === undefined || typeof mimeType === 'string') && THEMES.includes(theme);
}

function hasScheme(url: JsonValue | undefined, schemes: readonly string[]): url is string {
  return typeof url === 'string' && URL.canParse(url) && schemes.includes(new URL(url).protocol);
}
