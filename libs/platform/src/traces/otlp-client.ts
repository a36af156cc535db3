import { errorFacts } from '../logging/error-facts.js';
import { VERSION } from '../version.js';
import { attributesJson } from './span-json.js';
import type { TraceSettings } from './trace-settings.js';

/** The collector did not take a batch: for good (`refused`), or it may be tried again (`unreachable`). */
export interface Refusal {
  readonly kind: 'refused' | 'unreachable';
  /** HTTP status, or the code of a network error. */
  readonly code: string;
  /** How long the collector wants to be left alone. */
  readonly waitMs?: number | undefined;
}

/** The collector's answer to a batch. */
export type Answer = { readonly kind: 'accepted'; readonly rejected: number } | Refusal;

/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const RETRYABLE = new Set([429, 502, 503, 504]);
const MAX_WAIT_SECONDS = 30;
const MAX_ANSWER_BYTES = 64 * 1024;

/** Posts spans to a collector. https://opentelemetry.io/docs/specs/otlp/#otlphttp-request */
export class OtlpClient {
  private readonly head: string;
  private readonly headers: Record<string, string>;

  constructor(
    private readonly settings: Pick<TraceSettings, 'url' | 'headers' | 'timeoutMs'>,
    resource: Readonly<Record<string, string>>,
  ) {
    const scope = `{"name":"lethe","version":"${VERSION}"}`;
    this.head = `{"resourceSpans":[{"resource":{"attributes":${attributesJson(resource)}},"scopeSpans":[{"scope":${scope},"spans":[`;
    const own = { 'content-type': 'application/json', 'user-agent': `lethe/${VERSION}` };
    const given = Object.entries(settings.headers).map(([name, value]): [string, string] => [
      name.toLowerCase(),
      value,
    ]);
    this.headers = { ...Object.fromEntries(given), ...own };
  }

  async send(spans: readonly string[], signal: AbortSignal): Promise<Answer> {
    try {
      const response = await fetch(this.settings.url, {
        method: 'POST',
        headers: this.headers,
        body: `${this.head}${spans.join(',')}]}]}]}`,
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.settings.timeoutMs)]),
      });
      return await answerOf(response);
    } catch (error) {
      return { kind: 'unreachable', code: codeOf(error) };
    }
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  if (response.ok) return { kind: 'accepted', rejected: rejectedIn(await shortText(response)) };
  await response.body?.cancel();
  if (!RETRYABLE.has(status)) return { kind: 'refused', code: String(status) };
  const seconds = Number(headers.get('retry-after') ?? NaN);
  const waitMs = seconds > 0 ? Math.min(seconds, MAX_WAIT_SECONDS) * 1_000 : undefined;
  return { kind: 'unreachable', code: String(status), waitMs };
}

async function shortText(response: Response): Promise<string> {
  if (Number(response.headers.get('content-length') ?? 0) <= MAX_ANSWER_BYTES) return response.text();
  await response.body?.cancel();
  return '';
}

/** How many spans the collector did not want. https://opentelemetry.io/docs/specs/otlp/#partial-success-1 */
function rejectedIn(json: string): number {
  const [, count] = /"rejectedSpans"\s*:\s*"?(\d{1,9})/.exec(json) ?? [];
  return Number(count ?? 0);
}

/** `fetch` hides what happened in the cause. */
function codeOf(error: unknown): string {
  const { code, name, cause } = errorFacts(error);
  return cause?.code ?? code ?? name;
}
