/** The parts of an OpenAPI document that say which bodies there are. */
export interface ApiDocument {
  paths: Record<string, Record<string, { requestBody?: { content?: Record<string, { schema?: ApiSchema }> } }>>;
  components: { schemas: Record<string, ApiSchema> };
}

interface ApiSchema {
  $ref?: string;
  type?: string | string[];
  readOnly?: boolean;
  properties?: Record<string, ApiSchema>;
  items?: ApiSchema;
  additionalProperties?: ApiSchema | boolean;
  allOf?: ApiSchema[];
  oneOf?: ApiSchema[];
  anyOf?: ApiSchema[];
}

/** An operation with a JSON body, and the paths of all its texts: `items[].description`, `shortForm{}`. */
export interface OperationTexts {
  method: string;
  path: string;
  texts: string[];
}

/** URLs have rules of their own. Catalogues are taken only as a registry has sealed them, and dropped otherwise. */
const OTHER_RULES = /(?:^|\.)(?:url|jwksUri)$|\.catalogue\./;

/** The texts of the bodies of all operations, but for URLs. */
export function textFields(document: ApiDocument): OperationTexts[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { requestBody }]) => {
      const schema = requestBody?.content?.['application/json']?.schema;
      const texts = schema === undefined ? [] : [...new Set(textsIn(schema, '', document))];
      return [{ method: method.toUpperCase(), path, texts: texts.filter((field) => !OTHER_RULES.test(field)) }];
    }),
  );
}

function textsIn(schema: ApiSchema, at: string, document: ApiDocument): string[] {
  const { $ref, type, properties = {}, items, additionalProperties: further } = schema;
  const target = $ref === undefined ? undefined : document.components.schemas[$ref.split('/').at(-1) ?? ''];
  return [
    ...(target === undefined ? [] : textsIn(target, at, document)),
    ...[schema.allOf, schema.oneOf, schema.anyOf].flatMap((list = []) =>
      list.flatMap((one) => textsIn(one, at, document)),
    ),
    ...([type].flat().includes('string') && at !== '' ? [at] : []),
    ...Object.entries(properties).flatMap(([name, member]) =>
      // Never taken, only compared with what is stored.
      member.readOnly === true ? [] : textsIn(member, at === '' ? name : `${at}.${name}`, document),
    ),
    ...(items === undefined ? [] : textsIn(items, `${at}[]`, document)),
    ...(typeof further === 'object' ? textsIn(further, `${at}{}`, document) : []),
  ];
}

/** A body with nothing but this text. */
export function bodyWith(field: string, text: string): object {
  const [first = '', ...rest] = field.replaceAll('[]', '.[]').replaceAll('{}', '.{}').split('.');
  return { [first]: around(rest, text) };
}

function around([next, ...rest]: string[], text: string): unknown {
  if (next === undefined) return text;
  if (next === '[]') return [around(rest, text)];
  return { [next === '{}' ? 'key' : next]: around(rest, text) };
}
