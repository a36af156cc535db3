import type { ReactNode } from 'react';
import { isSame } from '../../editing/three-way.js';
import type { Conflict } from '../../editing/use-draft.js';
import { type Formats, useFormats } from '../../text/text.js';
import styles from './composer.module.css';
import { RuleSentence } from './rule-sentence.js';
import type { IncludeRule, ItemPick, ServerDraft } from './server-draft.js';
import { SHOWN } from './shown-texts.js';

type Field = keyof ServerDraft;

interface FieldValueProps {
  field: Field;
  value: ServerDraft[Field];
  conflict: Conflict<ServerDraft> | undefined;
}

/** A value that clashes, for people to read. Of lists, it has only the entries that differ. */
export function FieldValue({ field, value, conflict }: FieldValueProps): ReactNode {
  const { text } = useFormats();
  const clash = conflict?.merge.clashes.find((each) => each.field === field);
  if (clash && Array.isArray(value)) {
    const other = isSame(value, clash.mine) ? clash.theirs : clash.mine;
    const others: unknown[] = Array.isArray(other) ? other : [];
    const differing = value.filter((entry) => !others.some((each) => isSame(each, entry)));
    if (differing.length === 0) return text(SHOWN.without);
    return (
      <span className={styles['value']}>
        {differing.map((entry) => (
          <Entry key={JSON.stringify(entry)} entry={entry} />
        ))}
      </span>
    );
  }
  return plainValue(value, text);
}

function Entry({ entry }: { entry: unknown }): ReactNode {
  const { text } = useFormats();
  if (typeof entry === 'string') return entry;
  if (isPick(entry)) return <span>{pickText(entry, text)}</span>;
  if (isRule(entry)) return <RuleSentence rule={entry} />;
  return <code>{JSON.stringify(entry)}</code>;
}

function pickText({ gateway, name, as, enabled, description }: ItemPick, text: Formats['text']): string {
  const said = [
    as === undefined ? undefined : text(SHOWN.as, { as }),
    description === undefined ? undefined : text(SHOWN.described, { description }),
    enabled === false ? text(SHOWN.off) : undefined,
  ];
  const details = said.filter((each) => each !== undefined);
  const item = text(SHOWN.item, { gateway, name });
  return details.length === 0 ? text(SHOWN.listed, { item }) : `${item}: ${details.join(', ')}`;
}

function plainValue(value: ServerDraft[Field], text: Formats['text']): ReactNode {
  if (value === null) return text(SHOWN.nothing);
  if (value === '') return text(SHOWN.empty);
  if (typeof value === 'boolean') return text(value ? SHOWN.yes : SHOWN.no);
  if (typeof value === 'object') return <code>{JSON.stringify(value, null, 1)}</code>;
  return String(value);
}

function isPick(entry: unknown): entry is ItemPick {
  return typeof entry === 'object' && entry !== null && 'name' in entry && 'kind' in entry;
}

/** Grants have a role; nothing else in these lists is like a rule. */
function isRule(entry: unknown): entry is IncludeRule {
  const isOne = typeof entry === 'object' && entry !== null && ('gateway' in entry || 'gatewayTags' in entry);
  return isOne && !('use' in entry);
}
