import { showHidden } from '@lethe/mcp';
import type { ReactNode } from 'react';
import type { GatewayItem } from '../../api/gateway-items.js';
import { KIND } from '../../parts/item-kind.js';
import { Verbatim } from '../../parts/verbatim.js';
import { type Formats, useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { CheckField } from '../../ui/field.js';
import { Row } from '../../ui/page.js';
import { type Column, Table } from '../../ui/table.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import { type ComposedItem, isOn } from './composition.js';
import { ITEMS } from './item-texts.js';
import { leaveOut, takeIn } from './picks.js';
import { keyOf } from './server-draft.js';

/** The items of a gateway, each with a tick if it is taken, and why. */
export function PickerTable({ slug, items }: { slug: string; items: readonly GatewayItem[] }): ReactNode {
  const { text } = useFormats();
  const columns = useColumns(slug);
  if (items.length === 0) return <p className={styles['soft']}>{text(ITEMS.nothing)}</p>;
  return (
    <Table
      label={text(ITEMS.of, { gateway: slug })}
      columns={columns}
      rows={items}
      keyOf={({ kind, name }) => `${kind} ${name}`}
    />
  );
}

function useColumns(slug: string): Column<GatewayItem>[] {
  const formats = useFormats();
  const { text } = formats;
  const { fields, set, composed } = useComposing();
  const toggle = (item: GatewayItem, isWanted: boolean): void => {
    const ref = { gateway: slug, kind: item.kind, name: item.name };
    const isByRule = (key: string): boolean => (composed.byKey.get(key)?.rules.length ?? 0) > 0;
    set({ items: (isWanted ? takeIn : leaveOut)(fields.items, [ref], isByRule) });
  };
  const composedOf = ({ kind, name }: GatewayItem): ComposedItem | undefined =>
    composed.byKey.get(keyOf({ gateway: slug, kind, name }));
  return [
    {
      name: 'item',
      title: text(ITEMS.item),
      width: '3fr',
      cell: (item) => (
        <CheckField
          isOn={isOn(composedOf(item))}
          onValue={(isWanted) => toggle(item, isWanted)}
          label={<ItemLabel item={item} />}
        />
      ),
    },
    { name: 'why', title: text(ITEMS.why), width: '1fr', cell: (item) => whyOf(item, composedOf(item), formats) },
  ];
}

function ItemLabel({ item }: { item: GatewayItem }): ReactNode {
  const said = item.title !== '' && item.title !== item.name ? `${item.title}. ${item.description}` : item.description;
  return (
    <span className={styles['two']} title={showHidden(said)}>
      <code>
        <Verbatim>{item.name}</Verbatim>
      </code>
      {said !== '' && (
        <span className={styles['soft']}>
          <Verbatim>{said}</Verbatim>
        </span>
      )}
    </span>
  );
}

function whyOf(item: GatewayItem, composed: ComposedItem | undefined, { text }: Formats): ReactNode {
  const rule = composed?.rules[0];
  const isOff = composed?.pick?.enabled === false;
  return (
    <Row>
      {item.kind !== 'tool' && <Badge tone="plain">{text(KIND[item.kind])}</Badge>}
      {item.stale && <Badge tone="warn">{text(ITEMS.stale)}</Badge>}
      {isOff && <Badge>{text(ITEMS.off)}</Badge>}
      {!isOff && rule !== undefined && <Badge tone="good">{text(ITEMS.byRule, { number: rule + 1 })}</Badge>}
      {!isOff && composed && rule === undefined && <Badge tone="good">{text(ITEMS.byList)}</Badge>}
    </Row>
  );
}
