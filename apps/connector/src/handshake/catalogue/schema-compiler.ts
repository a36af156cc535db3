import type { JsonObject } from '@lethe/contracts';
import { Ajv, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { bytesOf } from './item-rules.js';

/** Whether clients can compile a schema; `unchecked` if that would take too long or too much memory to find out. */
export type SchemaVerdict = 'compiles' | 'fails' | 'unchecked';

/** Longer schemas are not compiled: the process has little memory. */
export const MAX_SCHEMA_BYTES = 64 * 1024;
/** Time for all schemas of a catalogue together. */
const MAX_MS = 5_000;
/** Bytes of schemas in one engine, which keeps them. */
const MAX_ENGINE_BYTES = 64 * 1024;

/**
 * As the validators of the official SDKs, which ignore unknown keywords and don't validate the schema itself; but compiled
 * into as little code as possible, because it never runs: in particular a schema is not copied to each `$ref` to it.
 */
const OPTIONS: Options = {
  strict: false,
  validateSchema: false,
  validateFormats: false,
  messages: false,
  inlineRefs: false,
  logger: false,
  code: { optimize: false },
};

/** Compiles schemas of one dialect one after the other, as a client does with those of a list. */
class Engine {
  private ajv: Ajv | Ajv2019 | Ajv2020 | undefined;
  private bytes = 0;

  constructor(private readonly create: () => Ajv | Ajv2019 | Ajv2020) {}

  compiles(schema: JsonObject): boolean {
    const { $id: id } = schema;
    const ajv = (this.ajv ??= this.create());
    try {
      if (typeof id !== 'string' || !ajv.getSchema(id)) ajv.compile(schema);
      this.bytes += bytesOf(schema);
      if (this.bytes > MAX_ENGINE_BYTES) this.forget();
      return true;
    } catch {
      // What is left of a schema that failed could make the next one fail.
      this.forget();
      return false;
    }
  }

  private forget(): void {
    this.ajv = undefined;
    this.bytes = 0;
  }
}

const DRAFT_07 = /^https?:\/\/json-schema\.org\/draft-0[67]\/schema#?$/;
const DRAFT_2019_09 = /^https?:\/\/json-schema\.org\/draft\/2019-09\/schema#?$/;
const DRAFT_2020_12 = /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;

/**
 * Compiles schemas as clients of the official SDKs do, to find out which ones these can't compile. Compiling runs no pattern
 * of a schema. Legacy clients (sdk 1.32.2) read every schema as draft-07; modern ones (client 2.4.0) read it in its dialect,
 * which is 2020-12 if none is named.
 */
export class SchemaCompiler {
  private readonly legacy = new Engine(() => new Ajv(OPTIONS));
  private readonly modern = {
    draft07: new Engine(() => new Ajv(OPTIONS)),
    draft201909: new Engine(() => new Ajv2019(OPTIONS)),
    draft202012: new Engine(() => new Ajv2020(OPTIONS)),
  };
  private readonly end: number;

  constructor(
    maxMs = MAX_MS,
    private readonly now = (): number => performance.now(),
  ) {
    this.end = now() + maxMs;
  }

  /** Whether clients of every era can compile it. */
  everywhere(schema: JsonObject): SchemaVerdict {
    return this.verdict(schema, () => this.isLegacy(schema) && this.isModern(schema));
  }

  /** Whether clients of some era can compile it. */
  somewhere(schema: JsonObject): SchemaVerdict {
    return this.verdict(schema, () => this.isModern(schema) || this.isLegacy(schema));
  }

  private verdict(schema: JsonObject, compiles: () => boolean): SchemaVerdict {
    if (this.now() > this.end || bytesOf(schema) > MAX_SCHEMA_BYTES) return 'unchecked';
    return compiles() ? 'compiles' : 'fails';
  }

  private isLegacy(schema: JsonObject): boolean {
    return this.legacy.compiles(schema);
  }

  private isModern(schema: JsonObject): boolean {
    const { $schema: dialect } = schema;
    if (typeof dialect !== 'string' || DRAFT_2020_12.test(dialect)) return this.modern.draft202012.compiles(schema);
    if (DRAFT_2019_09.test(dialect)) return this.modern.draft201909.compiles(schema);
    return DRAFT_07.test(dialect) && this.modern.draft07.compiles(schema);
  }
}
