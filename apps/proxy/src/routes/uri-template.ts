/** A part of a URI template: text as it is, or a gap for an expression. */
type Part = string | { readonly spans: 'segment' | 'anything' };

const EXPRESSION = /\{([^{}]*)\}/g;
const MAX_URI = 2_048;

/**
 * Matches URIs against a template (RFC 6570) without building a regular expression from the upstream's text: expressions
 * are gaps, `{x}` within one path segment, `{+x}`, `{/x}`, `{?x}` and the like across them. Takes time proportional to
 * parts times length.
 */
export class UriTemplate {
  private readonly parts: readonly Part[];

  constructor(template: string) {
    const parts: Part[] = [];
    let from = 0;
    for (const match of template.matchAll(EXPRESSION)) {
      if (match.index > from) parts.push(template.slice(from, match.index));
      parts.push({ spans: /^[+#/?&;.]|\*$/.test(match[1] ?? '') ? 'anything' : 'segment' });
      from = match.index + match[0].length;
    }
    if (from < template.length) parts.push(template.slice(from));
    this.parts = parts;
  }

  matches(uri: string): boolean {
    if (uri.length > MAX_URI || !this.parts.some((part) => typeof part === 'string')) return false;
    let reached = new Set([0]);
    for (const part of this.parts)
      reached = typeof part === 'string' ? afterText(uri, part, reached) : afterGap(uri, part, reached);
    return reached.has(uri.length);
  }
}

function afterText(uri: string, text: string, reached: ReadonlySet<number>): Set<number> {
  return new Set([...reached].filter((at) => uri.startsWith(text, at)).map((at) => at + text.length));
}

function afterGap(uri: string, gap: { spans: 'segment' | 'anything' }, reached: ReadonlySet<number>): Set<number> {
  const after = new Set<number>();
  for (const start of reached) {
    for (let at = start; at <= uri.length && !after.has(at); at++) {
      after.add(at);
      if (gap.spans === 'segment' && /[/?#]/.test(uri[at] ?? '')) break;
    }
  }
  return after;
}
