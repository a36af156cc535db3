/** A part of a URI template: literal text, or a gap for expressions. */
type Part = string | { readonly spans: 'segment' | 'anything' };

const EXPRESSION = /\{([^{}]*)\}/g;
/** Templates come from upstreams; one with more expressions matches nothing. */
const MAX_EXPRESSIONS = 16;
const MAX_URI = 2_048;

/**
 * Matches URIs against a template (RFC 6570) without building a regular expression from the upstream's text.
 * Expressions are gaps: `{x}` stays within one path segment; `{+x}`, `{/x}`, `{?x}` and the like do not. Adjacent gaps
 * are one.
 */
export class UriTemplate {
  private readonly parts: readonly Part[];

  constructor(private readonly template: string) {
    const parts: Part[] = [];
    let from = 0;
    let expressions = 0;
    for (const match of template.matchAll(EXPRESSION)) {
      if (++expressions > MAX_EXPRESSIONS) break;
      if (match.index > from) parts.push(template.slice(from, match.index));
      addGap(parts, /^[+#/?&;.]|\*$/.test(match[1] ?? '') ? 'anything' : 'segment');
      from = match.index + match[0].length;
    }
    if (from < template.length) parts.push(template.slice(from));
    this.parts = expressions > MAX_EXPRESSIONS ? [] : parts;
  }

  /** The number of steps that a match takes at most; 0 when the literal text at either end already excludes a match. */
  cost(uri: string): number {
    return this.isCandidate(uri) ? uri.length * this.template.length : 0;
  }

  matches(uri: string): boolean {
    if (!this.isCandidate(uri)) return false;
    let reached: readonly number[] = [0];
    for (const part of this.parts) {
      reached = typeof part === 'string' ? afterText(uri, part, reached) : afterGap(uri, part.spans, reached);
      if (reached.length === 0) return false;
    }
    return reached.at(-1) === uri.length;
  }

  /** The text before the first gap and behind the last one is there. */
  private isCandidate(uri: string): boolean {
    const [first, last] = [this.parts[0], this.parts.at(-1)];
    if (uri.length > MAX_URI || !this.parts.some((part) => typeof part === 'string')) return false;
    return (typeof first !== 'string' || uri.startsWith(first)) && (typeof last !== 'string' || uri.endsWith(last));
  }
}

function addGap(parts: Part[], spans: 'segment' | 'anything'): void {
  const before = parts.at(-1);
  if (before === undefined || typeof before === 'string') parts.push({ spans });
  else if (spans === 'anything') parts[parts.length - 1] = { spans };
}

/** Offsets are in ascending order, each once. */
function afterText(uri: string, text: string, reached: readonly number[]): number[] {
  return reached.filter((at) => uri.startsWith(text, at)).map((at) => at + text.length);
}

function afterGap(uri: string, spans: 'segment' | 'anything', reached: readonly number[]): number[] {
  const after: number[] = [];
  for (const start of reached) {
    // An earlier start has already reached the offsets from here on.
    if (start <= (after.at(-1) ?? -1)) continue;
    for (let at = start; at <= uri.length; at++) {
      after.push(at);
      if (spans === 'segment' && isDelimiter(uri.charCodeAt(at))) break;
    }
  }
  return after;
}

function isDelimiter(code: number): boolean {
  return code === 0x2f || code === 0x3f || code === 0x23;
}
