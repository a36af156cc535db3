import { ITEM_KINDS, type ItemKind } from '@lethe/contracts';
import { SCHEME_NAMES } from '@lethe/mcp';
import { findServer } from '../registry/find-by-reference.js';
import { type ExplanationResponse, explanationResponse } from '../registry/inspection-responses.js';
import type { ServerResponse } from '../registry/responses.js';
import { columns } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

/** Flags of `lethe explain`. */
export interface ExplainFlags extends CommonFlags {
  kind?: ItemKind;
  keyId?: string;
  role?: string[];
}

/** `lethe explain <server> <item>`: which headers a call needs, where each goes, and why it would be refused. */
export async function explainCall(
  context: RunContext,
  reference: string,
  item: string,
  flags: ExplainFlags,
): Promise<void> {
  const terminal = terminalFor(context, flags);
  const registry = await registryFor(context, flags);
  const server = await findServer(registry, reference, '<server>');
  const kind = flags.kind ?? kindOf(server, item);
  const named = kind === 'resource' || kind === 'resourceTemplate' ? { uri: item } : { name: item };
  const body = { kind, ...named, ...(flags.keyId && { key: flags.keyId }), ...(flags.role && { roles: flags.role }) };
  const path = `/servers/${encodeURIComponent(server.id)}/explain`;
  const explanation = await registry.request(explanationResponse, 'POST', path, { body });
  printExplanation(terminal, server.slug, kind, explanation);
  terminal.printJson(explanation);
}

/** What the item is by its name alone: the first kind that has it, else a resource if it looks like a URI. */
function kindOf({ exposed }: ServerResponse, item: string): ItemKind {
  const having = exposed.filter((each) => each.exposed === item).map((each) => each.kind);
  return ITEM_KINDS.find((kind) => having.includes(kind)) ?? (/^[a-z][a-z0-9+.-]*:/i.test(item) ? 'resource' : 'tool');
}

function printExplanation(terminal: Terminal, slug: string, kind: string, explanation: ExplanationResponse): void {
  const { item, gateway, allowed, reasons, nearest } = explanation;
  if (item && gateway) {
    terminal.print(`${item.exposed} is the ${item.kind} ${item.own} of ${gateway.slug} (${gateway.origin}).`);
  } else terminal.print(`${slug} serves no ${kind} of this name.${nearest ? ` Did you mean ${nearest}?` : ''}`);
  terminal.print(allowed ? 'A call is let through.' : 'A call is refused:');
  for (const { code, text } of reasons) terminal.print(`  ${text} (${code})`);
  printKept(terminal, explanation);
  printHeaders(terminal, explanation);
  printProxies(terminal, explanation);
}

const UNUSABLE: Record<string, string> = {
  ended: 'it has ended',
  other_configuration: 'it was sealed for another URL, other headers or other certificates',
  tampered: 'something other than Lethe changed its row',
};

function printKept(terminal: Terminal, { kept, gateway }: ExplanationResponse): void {
  if (!kept) return;
  const { use, isGranted, state, until, by } = kept;
  if (until === null) {
    terminal.print('Only a kept credential may be used for this gateway, and none is kept.');
    return;
  }
  const whose = use === 'kept' ? 'The kept credential' : "The caller's own credential, or else the kept one,";
  const slug = gateway?.slug ?? '<gateway>';
  if (isGranted && state !== 'usable') {
    terminal.print(
      `The kept credential can not be sent: ${UNUSABLE[state] ?? state}. To keep another one: lethe keep ${slug}`,
    );
  } else if (isGranted)
    terminal.print(`${whose} is sent: ${state}, until ${until}${by ? `, kept by ${by.name}` : ''}.`);
  else terminal.print('A credential is kept for this gateway, and no grant lets this caller use it.');
}

function printHeaders(terminal: Terminal, { admission, headers }: ExplanationResponse): void {
  const held = admission?.holds === 'key' ? 'a key for this virtual server' : 'an access token of its issuer';
  const rows = [
    ...(admission ? [[`  ${admission.header}`, `Bearer <${held}>`, 'required', 'stays at Lethe']] : []),
    ...headers.map(({ exact, short, scheme, required, origin, to }) => [
      `  ${short ?? exact}`,
      scheme === undefined ? '<value>' : `${SCHEME_NAMES[scheme]} <value>`,
      required ? 'required' : 'optional',
      `to ${origin}, ${to.query === undefined ? `header ${to.header ?? ''}` : `query parameter ${to.query}`}`,
      short === undefined ? '' : `or ${exact}`,
    ]),
  ];
  terminal.print(rows.length === 0 ? 'It needs no header.' : 'Headers:');
  for (const line of columns(rows)) terminal.print(line);
}

function printProxies(terminal: Terminal, { proxies, revision, kept }: ExplanationResponse): void {
  const rows = proxies.map(({ host, revision: own, isCurrent, opensKept }) => [
    `  ${host}`,
    own === null ? 'has not said yet what it serves' : `revision ${own}`,
    isCurrent || own === null ? '' : 'not current',
    kept && opensKept === false ? 'uses no kept credentials' : '',
  ]);
  terminal.print(`Published at revision ${revision}; ${proxies.length === 0 ? 'no proxy is known' : 'proxies:'}`);
  for (const line of columns(rows)) terminal.print(line);
}
