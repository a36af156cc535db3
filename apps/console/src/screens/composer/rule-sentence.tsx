import { TOOL_HINTS } from '@lethe/mcp';
import type { ReactNode } from 'react';
import { KIND } from '../../parts/item-kind.js';
import { type Formats, useFormats } from '../../text/text.js';
import { ITEMS } from './item-texts.js';
import type { IncludeRule } from './server-draft.js';

/** What a rule takes, in words. */
export function RuleSentence({ rule }: { rule: IncludeRule }): ReactNode {
  return <span>{ruleText(rule, useFormats())}</span>;
}

/** What a rule takes, in words. */
export function ruleText(rule: IncludeRule, { text, list }: Formats): string {
  const { gateway, gatewayTags, kinds, names, tags, annotations } = rule;
  const hints = TOOL_HINTS.flatMap((hint) => {
    const wanted = annotations?.[hint];
    return wanted === undefined ? [] : [`${text(ITEMS[hint])}: ${text(wanted ? ITEMS.yes : ITEMS.no)}`];
  });
  const parts = [
    text(ITEMS.everything),
    gateway !== undefined && text(ITEMS.ofGateway, { gateway }),
    gatewayTags !== undefined && text(ITEMS.ofTagged, { tags: list(gatewayTags) }),
    kinds !== undefined && text(ITEMS.kinds, { kinds: list(kinds.map((kind) => text(KIND[kind]))) }),
    names !== undefined && text(ITEMS.named, { globs: list(names) }),
    tags !== undefined && text(ITEMS.tagged, { tags: list(tags) }),
    hints.length > 0 && text(ITEMS.saying, { hints: hints.join(', ') }),
  ];
  return parts.filter((part) => part !== false).join(' ');
}
