import { showHidden } from '@lethe/mcp';
import type { ReactNode } from 'react';
import { KIND } from '../../parts/item-kind.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Row } from '../../ui/page.js';
import { type Column, Table } from '../../ui/table.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import { type ComposedItem, isOn } from './composition.js';
import { ITEMS, PREVIEW } from './item-texts.js';
import { leaveOut, takeIn } from './picks.js';

interface PreviewTableProps {
  rows: readonly ComposedItem[];
  isAdded: (key: string) => boolean;
  /** Opens what is said about an item; absent for those who may not change it. */
  onEdit: ((key: string) => void) | undefined;
}

/** Items by the names that clients will see. */
export function PreviewTable({ rows, isAdded, onEdit }: PreviewTableProps): ReactNode {
  const { text } = useFormats();
  const columns: Column<ComposedItem>[] = [
    {
      name: 'name',
      title: text(PREVIEW.name),
      width: '3fr',
      cell: (item) => <NameCell composed={item} onEdit={onEdit} />,
    },
    {
      name: 'notes',
      title: text(PREVIEW.notes),
      width: '2fr',
      cell: (item) => <Notes composed={item} isNew={isAdded(item.key)} />,
    },
    { name: 'on', title: text(PREVIEW.on), width: '2rem', cell: (item) => <Switch composed={item} /> },
  ];
  return <Table label={text(PREVIEW.list)} columns={columns} rows={rows} keyOf={({ key }) => key} rowHeight={56} />;
}

function NameCell({ composed, onEdit }: { composed: ComposedItem } & Pick<PreviewTableProps, 'onEdit'>): ReactNode {
  const { text } = useFormats();
  const { key, gateway, item, name } = composed;
  const own = showHidden(item.name);
  const shown = name ? showHidden(name.exposed ?? text(PREVIEW.madeByRegistry)) : own;
  return (
    <span className={styles['two']}>
      {onEdit ? (
        <button type="button" className={styles['name']} title={shown} onClick={() => onEdit(key)}>
          {shown}
        </button>
      ) : (
        <code title={shown}>{shown}</code>
      )}
      <span className={styles['soft']} title={own}>
        {text(PREVIEW.from, { gateway, own })}
      </span>
    </span>
  );
}

function Notes({ composed, isNew }: { composed: ComposedItem; isNew: boolean }): ReactNode {
  const { text } = useFormats();
  const { item, pick } = composed;
  return (
    <Row>
      {item.kind !== 'tool' && <Badge tone="plain">{text(KIND[item.kind])}</Badge>}
      <NameNote composed={composed} />
      {pick?.description !== undefined && <Badge tone="plain">{text(ITEMS.described)}</Badge>}
      {isNew && isOn(composed) && <Badge tone="good">{text(PREVIEW.added)}</Badge>}
      {item.stale && <Badge tone="warn">{text(ITEMS.stale)}</Badge>}
    </Row>
  );
}

function NameNote({ composed: { item, name } }: { composed: ComposedItem }): ReactNode {
  const { text } = useFormats();
  if (!name) return <Badge>{text(PREVIEW.off)}</Badge>;
  if (name.by === 'clash') return <Badge tone="bad">{text(PREVIEW.clashNote)}</Badge>;
  if (name.by === 'prefixed') return <Badge tone="warn">{text(PREVIEW.prefixed)}</Badge>;
  const isRenamed = name.exposed !== undefined && name.exposed !== item.name;
  return isRenamed && <Badge tone="plain">{text(PREVIEW.renamed)}</Badge>;
}

function Switch({ composed }: { composed: ComposedItem }): ReactNode {
  const { text } = useFormats();
  const { fields, set, mayEdit } = useComposing();
  const { gateway, item, name, rules } = composed;
  const change = (isWanted: boolean): void => {
    const ref = { gateway, kind: item.kind, name: item.name };
    set({ items: (isWanted ? takeIn : leaveOut)(fields.items, [ref], () => rules.length > 0) });
  };
  return (
    <input
      type="checkbox"
      className={styles['tick']}
      aria-label={text(PREVIEW.visible, { name: showHidden(name?.exposed ?? item.name) })}
      checked={isOn(composed)}
      disabled={!mayEdit}
      onChange={(event) => change(event.target.checked)}
    />
  );
}
