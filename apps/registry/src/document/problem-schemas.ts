import { MAPPING_PROBLEMS, URL_PROBLEMS } from '@lethe/mcp';
import { ADMIN_ROLES, ERROR_ADVICE, ERRORS, type ErrorCode, problemType } from '@lethe/platform';

/** A JSON Schema as it stands in the document. */
export type JsonSchema = Record<string, unknown>;

const text = { type: 'string' };
const rule = (problems: object): JsonSchema => ({ type: 'string', enum: Object.keys(problems) });
const integer = { type: 'integer' };
const BROKEN_RULE = {
  type: 'object',
  required: ['field', 'rule'],
  properties: {
    field: {
      type: 'string',
      description: 'Names and indexes, joined by dots; `*` for the whole body or a name not repeated',
    },
    rule: text,
    line: { type: 'integer', description: 'Of a document in YAML: where that is' },
    limit: { type: 'number', description: 'What the rule allows at most or at least' },
    allowed: {
      type: 'array',
      items: { type: ['string', 'number', 'boolean'] },
      description: 'The values that may be sent',
    },
    nearest: { type: 'string', description: 'For an unknown field: the one that was probably meant' },
    known: { type: 'array', items: text, description: 'For an unknown field: those that are known in its place' },
  },
};

const IMPORT_PROBLEM = {
  type: 'object',
  required: ['kind', 'slug', 'code'],
  properties: {
    kind: { type: 'string', enum: ['gateway', 'server'] },
    slug: text,
    code: { ...text, description: 'The error that the single request would get' },
    title: text,
    detail: { type: 'object', additionalProperties: true, description: 'Other members of that error' },
  },
};

/** Members that an error has besides those of every problem. */
const MEMBERS: Partial<Record<ErrorCode, { properties: JsonSchema; required?: string[] }>> = {
  invalid_request: { properties: { errors: { type: 'array', items: BROKEN_RULE } } },
  unauthenticated: { properties: { why: text, detail: text } },
  role_required: { properties: { role: { type: 'string', enum: ADMIN_ROLES } }, required: ['role'] },
  too_many_failures: { properties: { why: text, detail: text, retryAfterSeconds: integer } },
  credential_in_clear: { properties: { errors: { type: 'array', items: BROKEN_RULE } } },
  url_forbidden: { properties: { rule: rule(URL_PROBLEMS), hint: text }, required: ['rule', 'hint'] },
  mapping_forbidden: {
    properties: { index: integer, rule: rule(MAPPING_PROBLEMS), hint: text },
    required: ['index', 'rule', 'hint'],
  },
  header_illegal: { properties: { header: text } },
  no_slot: { properties: { reason: text } },
  too_many_slots: { properties: { retryAfterSeconds: integer, cancel: { type: 'array', items: text } } },
  credential_refused: { properties: { reason: text }, required: ['reason'] },
  kept_refused: {
    properties: { reason: text, member: { type: 'string', description: 'What differs' } },
    required: ['reason'],
  },
  row_tampered: { properties: { table: text } },
  too_many_roles: { properties: { roles: integer, max: integer }, required: ['roles', 'max'] },
  proxies_outdated: { properties: { proxies: { type: 'array', items: text } }, required: ['proxies'] },
  import_refused: { properties: { problems: { type: 'array', items: IMPORT_PROBLEM } }, required: ['problems'] },
  too_many_streams: { properties: { max: integer } },
  too_many_probes: { properties: { retryAfterSeconds: integer } },
  no_connector: { properties: { reason: text } },
  gateway_in_use: { properties: { servers: { type: 'array', items: text } }, required: ['servers'] },
  key_replaced: { properties: { id: text }, required: ['id'] },
  secret_shown_once: { properties: { id: text }, required: ['id'] },
};

/** The name of the schema of an error's problem details. */
export function problemName(code: ErrorCode): string {
  return `${code.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Problem`;
}

/** The schema of an error's problem details (RFC 9457). */
export function problemSchema(code: ErrorCode): JsonSchema {
  const { status, message } = ERRORS[code];
  const { properties = {}, required = [] } = MEMBERS[code] ?? {};
  return {
    type: 'object',
    description: `${message}. What to do: ${ERROR_ADVICE[code]}.`,
    required: ['type', 'title', 'status', 'code', 'requestId', ...required],
    properties: {
      type: { type: 'string', enum: [problemType(code)], description: 'Leads to the description of this error' },
      title: text,
      status: { type: 'integer', enum: [status] },
      code: { type: 'string', enum: [code] },
      requestId: { type: 'string', description: 'Stands in the log too' },
      ...properties,
    },
  };
}
