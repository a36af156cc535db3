import type { CatalogueItem, JsonObject, JsonValue, HandshakeWarning } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';
import { SchemaCompiler, type SchemaVerdict } from './schema-compiler.js';

/** Items with schemas that clients can compile, and what was changed for that. */
export interface CheckedItems {
  items: CatalogueItem[];
  warnings: HandshakeWarning[];
}

const DEFINITIONS = ['definition', 'legacyDefinition'] as const;

/**
 * Holds back schemas that clients can't compile. One `outputSchema` of this kind takes a whole list from clients of the legacy
 * SDK, and its own tool from those of the modern one, so it is dropped: the results of the tool stay as they are. An
 * `inputSchema` is needed, so its bad properties become plain ones.
 */
export function holdBackSchemas(items: readonly CatalogueItem[], compiler = new SchemaCompiler()): CheckedItems {
  const check = new Check(compiler);
  const checked = items.map((item, index) => (item.kind === 'tool' ? check.tool(item, `/items/${index}`) : item));
  return { items: checked, warnings: check.warnings };
}

class Check {
  private readonly heldBack: HandshakeWarning[] = [];
  private isComplete = true;

  constructor(private readonly compiler: SchemaCompiler) {}

  get warnings(): HandshakeWarning[] {
    const named = this.heldBack.slice(0, HANDSHAKE_LIMITS.maxSkippedNamed);
    return this.isComplete ? named : [...named, { code: 'schemas_unchecked' }];
  }

  tool(item: CatalogueItem, pointer: string): CatalogueItem {
    const changes = DEFINITIONS.flatMap((name) => {
      const given = item[name];
      const definition = given && this.definition(given, `${pointer}/${name}`);
      return definition === given ? [] : [[name, definition] as const];
    });
    return changes.length === 0 ? item : { ...item, ...Object.fromEntries(changes) };
  }

  private definition(given: JsonObject, pointer: string): JsonObject {
    const { inputSchema, outputSchema, ...rest } = given;
    const isInputBad =
      isObject(inputSchema) && this.isBad(this.compiler.somewhere(inputSchema), pointer, 'inputSchema');
    const isOutputBad =
      isObject(outputSchema) && this.isBad(this.compiler.everywhere(outputSchema), pointer, 'outputSchema');
    if (!isInputBad && !isOutputBad) return given;
    return {
      ...rest,
      ...(inputSchema !== undefined && { inputSchema: isInputBad ? this.plainInput(inputSchema) : inputSchema }),
      ...(outputSchema !== undefined && !isOutputBad && { outputSchema }),
    };
  }

  private isBad(verdict: SchemaVerdict, pointer: string, member: string): boolean {
    if (verdict === 'unchecked') this.isComplete = false;
    if (verdict !== 'fails') return false;
    this.heldBack.push({ code: 'schema_held_back', pointer: `${pointer}/${member}` });
    return true;
  }

  /** The schema with the properties that compile, and the others without what may be wrong with them. */
  private plainInput(schema: JsonObject): JsonObject {
    const { properties, required, $defs, definitions, $schema } = schema;
    const shared = withoutUndefined({ $schema, $defs, definitions });
    const compiles = (each: JsonObject): boolean => this.compiler.somewhere(each) === 'compiles';
    const plain = isObject(properties)
      ? mapValues(properties, (of, name) =>
          compiles({ ...shared, properties: { [name]: of } }) ? of : annotations(of),
        )
      : undefined;
    const all = {
      ...shared,
      ...withoutUndefined({ ...annotations(schema), type: 'object', properties: plain, required }),
    };
    return compiles(all) ? all : { type: 'object' };
  }
}

const TYPES: ReadonlySet<JsonValue> = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);

/** What can't be wrong in a schema, as far as it is there: what it is called, and its type. */
function annotations(schema: JsonValue): JsonObject {
  if (!isObject(schema)) return {};
  const { type, title, description } = schema;
  const header = schema['x-mcp-header'];
  return withoutUndefined({
    type: type !== undefined && TYPES.has(type) ? type : undefined,
    title,
    description,
    'x-mcp-header': header,
  });
}

function withoutUndefined(members: Record<string, JsonValue | undefined>): JsonObject {
  const defined: JsonObject = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) defined[name] = value;
  return defined;
}

function mapValues(object: JsonObject, map: (value: JsonValue, name: string) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]));
}
