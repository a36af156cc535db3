import type { JsonObject, JsonValue } from '@lethe/contracts';
import { editObject, elicitedUrl, hasRepeatedMember, isObject, mayAsk, ObjectText, parseJson } from '@lethe/mcp';
import type { UpstreamAccess } from '../credentials/upstream-credentials.js';
import { personText, schemaForPerson } from './person-text.js';

/** The server request that shows a message to a person. */
export const ELICITATION = 'elicitation/create';

/**
 * What one gateway may show to a person. If the virtual server has several gateways, a message begins with the gateway's
 * name, and ids with its slug, so that no gateway is taken for another (ADR 0010).
 */
export class Elicitations {
  private constructor(
    private readonly label: string,
    private readonly idPrefix: string,
    private readonly host: string,
  ) {}

  static of({ caller, gateway }: UpstreamAccess): Elicitations {
    const isShared = caller.server.gateways.length > 1;
    const label = isShared ? `[${personText(gateway.name)}] ` : '';
    return new Elicitations(label, isShared ? `${gateway.slug}:` : '', gateway.target.hostname);
  }

  /**
   * The members of an elicitation that a client gets in another form. Undefined if a URL in it may not be opened.
   * https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation
   */
  edits(params: JsonObject): JsonObject | undefined {
    const { mode, url, message, requestedSchema, elicitationId } = params;
    const shownUrl = typeof url === 'string' ? elicitedUrl(url, this.host) : undefined;
    if (shownUrl === undefined && (mode === 'url' || url !== undefined)) return undefined;
    return {
      ...(typeof message === 'string' && { message: this.label + personText(message) }),
      ...(shownUrl !== undefined && shownUrl !== url && { url: shownUrl }),
      ...(isObject(requestedSchema) && changed('requestedSchema', requestedSchema, schemaForPerson(requestedSchema))),
      ...(elicitationId !== undefined && changed('elicitationId', elicitationId, this.elicitationId(elicitationId))),
    };
  }

  /** The id by which the client knows an elicitation, on any replica; another gateway can't have it. */
  elicitationId(own: JsonValue): string {
    return `${this.idPrefix}${typeof own === 'string' ? own : JSON.stringify(own)}`;
  }

  /** Params of an elicitation as the client gets them; undefined if a URL in them may not be opened. */
  shown(params: JsonObject): JsonObject | undefined {
    const edits = this.edits(params);
    return edits && { ...params, ...edits };
  }

  /** A JSON-RPC error with the URLs that it asks to open as the client gets them; undefined if one may not be opened. */
  inError<T extends { readonly data?: JsonValue }>(error: T): T | undefined {
    const given = isObject(error.data) ? error.data['elicitations'] : undefined;
    if (!isObject(error.data) || !Array.isArray(given)) return error;
    const elicitations = given.map((each) => (isObject(each) ? this.shown(each) : each));
    const allowed = elicitations.filter((each) => each !== undefined);
    return allowed.length < given.length ? undefined : { ...error, data: { ...error.data, elicitations: allowed } };
  }

  /**
   * The JSON of a response with the elicitations in it as the client gets them: those of `input_required` (MCP 2026-07-28,
   * multi round-trip requests), and of URLs to open first (the legacy error -32042). Undefined if a URL in them may not be
   * opened.
   */
  inResponse(json: string): string | undefined {
    if (!mayAsk(json)) return json;
    const message = parseJson(json);
    if (!isObject(message)) return json;
    const result = isObject(message['result']) ? this.inResult(new ObjectText(json).object('result')) : undefined;
    const { error } = message;
    const shown = isObject(error) ? this.inError(error) : error;
    if (result === null || (error !== undefined && shown === undefined)) return undefined;
    const withResult = result === undefined ? json : editObject(json, { result });
    return shown === error ? withResult : withElicitations(withResult, shown);
  }

  /** Undefined if the result asks no person; null if a URL in it may not be opened. */
  private inResult(result: ObjectText): string | null | undefined {
    const asked = result.get('inputRequests');
    const inputs = asked === undefined ? undefined : parseJson(asked);
    if (asked === undefined || !isObject(inputs)) return undefined;
    const texts = new ObjectText(asked);
    const shown = Object.keys(inputs).map((key) => [key, this.input(texts.get(key) ?? 'null')] as const);
    if (shown.some(([, text]) => text === undefined)) return null;
    // Each key once: parsers disagree about which of several counts.
    return result.with({
      inputRequests: `{${shown.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`,
    });
  }

  /** The JSON of one input request. */
  private input(written: string): string | undefined {
    const input = parseJson(written);
    if (!isObject(input)) return written;
    const json = hasRepeatedMember(written) ? JSON.stringify(input) : written;
    const { method, params } = input;
    if (method !== ELICITATION || !isObject(params)) return json;
    const edits = this.edits(params);
    return edits && editObject(json, { params: new ObjectText(json).object('params').with(asTexts(edits)) });
  }
}

/** The JSON of each member. */
export function asTexts(members: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, JSON.stringify(value)]));
}

function changed(name: string, before: JsonValue, now: JsonValue): JsonObject {
  return before === now ? {} : { [name]: now };
}

function withElicitations(json: string, shown: JsonValue | undefined): string {
  const data = isObject(shown) ? shown['data'] : undefined;
  const elicitations = JSON.stringify(isObject(data) ? data['elicitations'] : undefined);
  const message = new ObjectText(json);
  const error = message.object('error');
  return message.with({ error: error.with({ data: error.object('data').with({ elicitations }) }) });
}
