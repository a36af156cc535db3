import { LetheError } from '@lethe/platform';
import { isAlias, isCollection, isMap, isNode, isPair, isScalar, Lexer, LineCounter, parseDocument, visit } from 'yaml';
import { DOCUMENT_LIMITS } from './document.js';

/** Deeper than any document of this API. */
const MAX_DEPTH = 64;
const OPENS: ReadonlySet<string> = new Set(['[', '{']);
const CLOSES: ReadonlySet<string> = new Set([']', '}']);

/**
 * Reads YAML, of which JSON is a part, as the data that JSON can say. Whatever could make a short text long, or mean something
 * else than it seems, is refused: aliases, anchors, tags, keys that stand twice.
 * @throws LetheError `invalid_request`, with the rule and the line, and nothing of the text
 */
export function readDocument(text: string): unknown {
  const lines = new LineCounter();
  const refuse = (rule: string, offset: number): never => {
    throw new LetheError('invalid_request', { errors: [{ field: '*', rule, line: lines.linePos(offset).line }] });
  };
  const tooMuch = tooMuchFor(text);
  if (tooMuch) throw new LetheError('invalid_request', { errors: [{ field: '*', ...tooMuch }] });
  const options = { prettyErrors: false, logLevel: 'error', schema: 'core' } as const;
  // Keys that stand twice are looked for below: the parser would compare each key with each other one.
  const document = parseDocument(text, { ...options, lineCounter: lines, uniqueKeys: false });
  const [error] = document.errors;
  if (error) refuse(error.code === 'MULTIPLE_DOCS' ? 'yaml_one_document' : 'yaml_syntax', error.pos[0]);
  visit(document, (_key, node, path) => {
    const rule = path.filter(isCollection).length > MAX_DEPTH ? 'max_depth' : brokenRule(node);
    if (rule !== undefined) refuse(rule, offsetOf(node) ?? offsetOf(path.findLast(isNode)) ?? 0);
  });
  return document.toJS({ maxAliasCount: 0 });
}

/**
 * Whether the parser would take too much time and memory: each value costs it about a kilobyte, and the process does nothing else
 * meanwhile. Tokens are counted before one object is made of them.
 */
function tooMuchFor(text: string): { rule: string; limit: number; line: number } | undefined {
  let [tokens, depth, line] = [0, 0, 1];
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > DOCUMENT_LIMITS.maxTokens) return { rule: 'yaml_tokens', limit: DOCUMENT_LIMITS.maxTokens, line };
    if (OPENS.has(token)) depth += 1;
    else if (CLOSES.has(token)) depth -= 1;
    if (depth > MAX_DEPTH) return { rule: 'max_depth', limit: MAX_DEPTH, line };
    line += linesIn(token);
  }
  return undefined;
}

function linesIn(token: string): number {
  let lines = 0;
  for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function brokenRule(node: unknown): string | undefined {
  if (isPair(node)) return isScalar(node.key) && typeof node.key.value === 'string' ? undefined : 'yaml_key';
  if (!isNode(node)) return undefined;
  if (isAlias(node)) return 'yaml_alias';
  if (node.anchor !== undefined) return 'yaml_anchor';
  if (node.tag !== undefined) return 'yaml_tag';
  if (isScalar(node)) return isPlain(node.value) ? undefined : 'yaml_value';
  return isMap(node) && hasTwice(node.items.map(({ key }) => (isScalar(key) ? key.value : key)))
    ? 'yaml_duplicate_key'
    : undefined;
}

function hasTwice(keys: readonly unknown[]): boolean {
  return new Set(keys).size < keys.length;
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
