import type { PassthroughMapping } from '@lethe/contracts';
import { canonicalUrl, mappingsProblem, MAPPING_PROBLEMS, upstreamUrlProblem, URL_PROBLEMS } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';

/**
 * Checks a URL and returns its canonical form.
 * @throws LetheError `url_forbidden`, naming the rule
 */
export function registrableUrl(url: string, allowed: readonly string[]): string {
  const rule = upstreamUrlProblem(url, { allowed });
  if (rule !== undefined) throw new LetheError('url_forbidden', { rule, hint: URL_PROBLEMS[rule] });
  return canonicalUrl(url);
}

/**
 * Checks mappings and returns them.
 * @throws LetheError `mapping_forbidden`, naming the rule
 */
export function registrableMappings(mappings: PassthroughMapping[]): PassthroughMapping[] {
  const broken = mappingsProblem(mappings);
  if (broken !== undefined) {
    const { index, problem } = broken;
    throw new LetheError('mapping_forbidden', { index, rule: problem, hint: MAPPING_PROBLEMS[problem] });
  }
  return plainMappings(mappings);
}

/** The mappings without undefined members. */
export function plainMappings(mappings: PassthroughMapping[]): PassthroughMapping[] {
  return mappings.map(({ header, required, scheme, to }) => ({
    header,
    ...(required !== undefined && { required }),
    ...(scheme !== undefined && { scheme }),
    ...(to !== undefined && { to: { query: to.query } }),
  }));
}

/** The mappings of a gateway that is registered without any. */
export const DEFAULT_MAPPINGS: PassthroughMapping[] = [{ header: 'Authorization' }];
