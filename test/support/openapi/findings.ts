import { z } from 'zod';
import type { DocumentedOperation, Schema } from './document.js';
import { CANARY } from './mutations.js';
import type { TestAnswer } from './request.js';

/** What a schema can't say: a request that the document allows may break these rules. */
const BEYOND_SCHEMAS = new Set([
  'gateway_unknown',
  'server_unknown',
  'in_future',
  'owner_does_not_map_header',
  'too_many_gateways',
  'cursor',
  'name_or_uri',
  'slug_twice',
  'gateway_or_tags',
  'has_expired',
]);
const FORM_CODES = new Set(['parse_error', 'payload_too_large', 'unsupported_media_type', 'header_illegal']);
const PROBLEM = z.looseObject({ code: z.string(), errors: z.array(z.looseObject({ rule: z.string() })).default([]) });

/** What an operation lacks in the document. */
export function incomplete({
  operationId,
  summary = '',
  tags,
  parameters,
  responses,
  security,
}: DocumentedOperation): string[] {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'));
  const hasBody = Object.keys(success?.[1].content ?? {}).length > 0;
  const lacks = {
    'an operationId': !/^[a-z][A-Za-z]+$/.test(operationId),
    'a summary': !/^[A-Z].+[^.]$/.test(summary),
    'a tag': tags.length !== 1,
    'the schema of a success': success === undefined || (!hasBody && success[0] !== '204'),
    'the description of a parameter': parameters.some(({ description = '' }) => description === ''),
    'the error of a wrong token': security.length > 0 && !('401' in responses),
    'the description of a response': Object.values(responses).some(({ description }) => description === ''),
  };
  return Object.entries(lacks).flatMap(([what, isMissing]) => (isMissing ? [`${operationId} has not ${what}`] : []));
}

/** The members of a request's schema that have no limit. */
export function unlimited([name, schema]: [string, Schema]): string[] {
  if (schema.additionalProperties !== false) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([member, each]) =>
    each.readOnly === true || isLimited(each)
      ? []
      : [`${name}.${member} has no limit: describe it with @Field, from its rules`],
  );
}

function isLimited({ $ref, type: types, enum: values, format, items, ...limits }: Schema): boolean {
  if ($ref !== undefined || values || format !== undefined) return true;
  const parts = [limits.oneOf, limits.anyOf, limits.allOf].find((each) => each !== undefined);
  if (parts) return parts.every(isLimited);
  const all = [types].flat();
  const type = all.find((each) => each !== 'null');
  if (type === 'string') return limits.maxLength !== undefined || isClosedPattern(limits.pattern);
  if (type === 'array') return limits.maxItems !== undefined && items !== undefined && isLimited(items);
  if (type === 'integer') return limits.minimum !== undefined && limits.maximum !== undefined;
  if (type === 'object') return limits.properties !== undefined || limits.maxProperties !== undefined;
  return type === 'boolean' || all[0] === 'null';
}

function isClosedPattern(pattern: string | undefined): boolean {
  return pattern !== undefined && /\{(?:\d*,)?\d+\}/.test(pattern);
}

/** Why a request that the document allows was refused, if its form was the reason. */
export function refusals({ status, text }: TestAnswer): string[] {
  if (status < 400) return [];
  if (status >= 500) return [`a failure, ${status}`];
  const { code, errors } = PROBLEM.parse(JSON.parse(text));
  const rules = errors.map(({ rule }) => rule).filter((rule) => !BEYOND_SCHEMAS.has(rule));
  if (code === 'invalid_request' && (rules.length > 0 || errors.length === 0)) return [`refused for ${rules.join()}`];
  return FORM_CODES.has(code) ? [`refused as ${code}`] : [];
}

/** Whether an error repeats what only the request had. */
export function echoes({ status, headers, text }: TestAnswer): string[] {
  const shown = decodeURIComponent(`${JSON.stringify(headers)} ${text}`.replaceAll('%', '%25')).toLowerCase();
  const isRepeated = shown.includes(CANARY) || shown.includes(encodeURIComponent(CANARY).toLowerCase());
  return status >= 400 && isRepeated ? ['a value comes back'] : [];
}

/** Runs a check for each, some at once, and collects what they find. */
export async function inParallel<T>(
  all: readonly T[],
  atOnce: number,
  check: (one: T) => Promise<string[]>,
): Promise<string[]> {
  const findings: string[] = [];
  const rest = [...all].reverse();
  const work = async (): Promise<void> => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) findings.push(...(await check(next)));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return findings;
}
