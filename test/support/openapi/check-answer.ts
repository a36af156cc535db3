import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Document, DocumentedOperation, DocumentedResponse, Schema } from './document.js';
import type { TestAnswer, TestRequest } from './request.js';

/** Headers of HTTP itself, which no operation documents. */
const OF_HTTP = new Set([
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'cache-control',
  'transfer-encoding',
]);
/** Headers that an answer with this status must have. */
const NEEDED: Record<number, string> = { 201: 'location', 401: 'www-authenticate', 405: 'allow', 429: 'retry-after', 503: 'retry-after' }; // prettier-ignore
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Compares answers with the document. */
export class AnswerChecks {
  private readonly ajv: Ajv2020;
  private readonly compiled = new Map<Schema, ValidateFunction>();

  constructor(document: Document) {
    const formats = { 'date-time': DATE_TIME, uuid: UUID, uri: { validate: (text: string) => URL.canParse(text) } };
    this.ajv = new Ajv2020({ strict: false, formats });
    this.ajv.addSchema({ $id: 'document:', components: closed(document.components) });
  }

  /** What the answer to a request of this operation has that the document does not. */
  problems({ responses }: DocumentedOperation, answer: TestAnswer): string[] {
    const documented = responses[String(answer.status)];
    if (documented === undefined) return [`status ${answer.status} is not documented`];
    return [
      ...undocumentedHeaders(documented, answer),
      ...missingHeaders(answer),
      ...this.bodyProblems(documented, answer),
    ];
  }

  /** What is wrong with an error that no operation answers: of an unknown path or another method. */
  problemsOfError(answer: TestAnswer): string[] {
    const isProblem = String(answer.headers['content-type']).startsWith('application/problem+json');
    return [...(isProblem ? [] : ['no problem details']), ...missingHeaders(answer)];
  }

  private bodyProblems({ content }: DocumentedResponse, { headers, text }: TestAnswer): string[] {
    const types = Object.keys(content);
    if (types.length === 0) return text === '' ? [] : ['a body that is not documented'];
    const [type = ''] = String(headers['content-type']).split(';');
    const schema = content[type]?.schema;
    if (schema === undefined) return [`the content type ${type} is not documented`];
    if (!/[/+]json$/.test(type)) return [];
    const validate = this.validator(schema);
    return validate(JSON.parse(text)) ? [] : [`not of its schema: ${this.ajv.errorsText(validate.errors)}`];
  }

  private validator(schema: Schema): ValidateFunction {
    const known = this.compiled.get(schema);
    if (known) return known;
    const local = JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/components/', '"document:#/components/'));
    const validate = this.ajv.compile(local);
    this.compiled.set(schema, validate);
    return validate;
  }
}

/** As one line, to find it again. */
export function described({ method, target, headers, body = '' }: TestRequest, { status, text }: TestAnswer): string {
  const { authorization: _authorization, ...shown } = headers;
  return `${method} ${target} ${JSON.stringify(shown)} ${body.slice(0, 600)} -> ${status} ${text.slice(0, 600)}`;
}

function undocumentedHeaders({ headers }: DocumentedResponse, answer: TestAnswer): string[] {
  const documented = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const others = Object.keys(answer.headers).filter((name) => !OF_HTTP.has(name) && !documented.has(name));
  return others.map((name) => `header ${name} is not documented`);
}

function missingHeaders({ status, headers }: TestAnswer): string[] {
  const needed = NEEDED[status];
  return needed !== undefined && headers[needed] === undefined ? [`no ${needed}`] : [];
}

/** The same schemas without room for further members: what is answered must be documented. */
function closed<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map((each: unknown) => closed(each)) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).map(([name, member]) => [name, closed(member)]);
  const isObject = 'properties' in schema && !('additionalProperties' in schema);
  return { ...Object.fromEntries(members), ...(isObject && { additionalProperties: false }) };
}
