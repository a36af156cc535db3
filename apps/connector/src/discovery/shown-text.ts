import { isObject, urlSecretProblem, visibleLine } from '@lethe/mcp';
import type { JsonObject } from '@lethe/contracts';
import { PROBE_LIMITS } from './probe-limits.js';

/** A text of the upstream as it may be shown: one visible line, cut. */
export function shownText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = visibleLine(value).trim().slice(0, PROBE_LIMITS.maxText);
  return text === '' ? undefined : text;
}

/**
 * A URL of the upstream as it may be shown: https or http, without user, query and fragment, and without a secret in it. A
 * slash at its end is not added, because an issuer is compared exactly.
 */
export function shownUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > PROBE_LIMITS.maxUrl || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  url.search = '';
  url.hash = '';
  if (urlSecretProblem(url.href) !== undefined) return undefined;
  return url.href === `${value}/` ? value : url.href;
}

/** A list of short texts. */
export function shownTexts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.slice(0, PROBE_LIMITS.maxEntries).flatMap((entry: unknown) => shownText(entry) ?? []);
}

/** A member of a JSON object of the upstream. */
export function memberOf(value: unknown, name: string): JsonObject | undefined {
  const member = isObject(value) ? value[name] : undefined;
  return isObject(member) ? member : undefined;
}
