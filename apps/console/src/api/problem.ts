/** A field that a request broke a rule with. */
export interface FieldProblem {
  /** Names and indexes joined by dots; `*` for the whole body. */
  field: string;
  rule: string;
}

/** An error of the admin API: problem details (RFC 9457). It never repeats what was sent. */
export class Problem extends Error {
  override readonly name = 'Problem';

  private constructor(
    /** Stable; `/problems/<code>` describes it. */
    readonly code: string,
    readonly status: number,
    title: string,
    readonly fields: readonly FieldProblem[],
    /** Stands in the log of the registry, too. */
    readonly requestId: string | undefined,
    /** Seconds until it makes sense to try again, where the answer says so. */
    readonly retryAfterSeconds: number | undefined,
    /** The rule that a URL or a mapping breaks, as a sentence. */
    readonly hint: string | undefined,
  ) {
    super(title);
  }

  /** Reads a refused response. One without problem details, as of a proxy in between, has the code `http_<status>`. */
  static async of(response: Response): Promise<Problem> {
    const body: unknown = await response.json().catch(() => undefined);
    const members = isObject(body) ? body : {};
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
    return new Problem(
      text(members['code']) ?? `http_${response.status}`,
      response.status,
      text(members['title']) ?? `The answer was ${response.status}`,
      fieldsOf(members['errors']),
      text(members['requestId']),
      Number.isFinite(retryAfter) ? retryAfter : undefined,
      text(members['hint']),
    );
  }
}

/** The registry could not be reached: nothing is known about whether the request arrived. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Whether an error is a problem with this code. */
export function isProblem(error: unknown, code: string): error is Problem {
  return error instanceof Problem && error.code === code;
}

function fieldsOf(errors: unknown): FieldProblem[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((entry: unknown) => {
    if (!isObject(entry)) return [];
    const [field, rule] = [text(entry['field']), text(entry['rule'])];
    return field !== undefined && rule !== undefined ? [{ field, rule }] : [];
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
