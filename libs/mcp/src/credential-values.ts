import type { CredentialHeader, CredentialParameter } from '@lethe/contracts';
import { isLegalHeaderValue, isQueryName, mappingProblem, MAX_CREDENTIAL_BYTES } from './header-rules.js';
import { hasExactly, isObject } from './json/value.js';

const MAX_LIST = 16;

/** Whether it has these members, perhaps some of the optional ones, and no others. */
export function hasMembers(
  value: Record<string, unknown>,
  required: readonly string[],
  optional: readonly string[],
): boolean {
  return hasExactly(value, [...required, ...optional.filter((name) => Object.hasOwn(value, name))]);
}

/** Whether `headers` and `parameters` are well-formed where they are present. `filled`: header names that are taken. */
export function isBesideValid({ headers, parameters }: Record<string, unknown>, filled: readonly string[]): boolean {
  return (
    (headers === undefined || isHeaderList(headers, filled)) &&
    (parameters === undefined || isParameterList(parameters))
  );
}

/** Whether it is a list of headers, none of them twice or already filled. */
export function isHeaderList(headers: unknown, filled: readonly string[]): headers is CredentialHeader[] {
  if (!isList(headers) || !headers.every((header) => isHeader(header))) return false;
  return isWithoutTwins([...filled, ...headers.map(({ name }) => name.toLowerCase())]);
}

/** Whether it is a list of query parameters, none of them twice. */
export function isParameterList(parameters: unknown): parameters is CredentialParameter[] {
  if (!isList(parameters) || !parameters.every((parameter) => isParameter(parameter))) return false;
  return isWithoutTwins(parameters.map(({ name }) => name));
}

/** Whether it can be the value of a header, and has this form. */
export function isValue(value: unknown, form: RegExp): value is string {
  return (
    typeof value === 'string' && value.length <= MAX_CREDENTIAL_BYTES && isLegalHeaderValue(value) && form.test(value)
  );
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0 && value.length <= MAX_LIST;
}

function isWithoutTwins(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

function isHeader(value: unknown): value is CredentialHeader {
  if (!isObject(value) || !hasMembers(value, ['name', 'value'], ['secret'])) return false;
  const { name, secret } = value;
  if (secret !== undefined && typeof secret !== 'boolean') return false;
  if (typeof name !== 'string' || mappingProblem({ header: name }) !== undefined) return false;
  return isValue(value['value'], /^/);
}

/** A call's parameter comes from a header, so both have the same values. */
function isParameter(value: unknown): value is CredentialParameter {
  if (!isObject(value) || !hasExactly(value, ['name', 'value'])) return false;
  return typeof value['name'] === 'string' && isQueryName(value['name']) && isValue(value['value'], /^/);
}
