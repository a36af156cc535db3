import { showHidden } from '@lethe/mcp';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ITEM_KINDS } from '../../api/gateway-items.js';
import { type Server, type ServerSize, serverSize } from '../../api/servers.js';
import { KIND } from '../../parts/item-kind.js';
import { type Formats, useFormats } from '../../text/text.js';
import { SelectField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Card } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import styles from './composer.module.css';
import { type Composing, useComposing } from './composing.js';
import { isOn } from './composition.js';
import { leaveOut, takeIn } from './picks.js';
import { keyOf } from './server-draft.js';
import { SIZE } from './size-texts.js';

type SizedItem = ServerSize['items'][number];

/** How much of a model's context the published list takes, what is largest in it, and what is saved without it. */
export function SizeTab({ server }: { server: Server }): ReactNode {
  const { text } = useFormats();
  const [kind, setKind] = useState<ServerSize['kind']>('tool');
  const size = useQuery(serverSize(server.slug, kind));
  return (
    <>
      <SelectField
        label={text(SIZE.kind)}
        value={kind}
        choices={ITEM_KINDS.map((value) => ({ value, label: text(KIND[value]) }))}
        onValue={setKind}
      />
      <Shown query={size}>{(measured) => <Measured size={measured} server={server} />}</Shown>
    </>
  );
}

function Measured({ size, server }: { size: ServerSize; server: Server }): ReactNode {
  const formats = useFormats();
  const { text } = formats;
  const itemColumns = useItemColumns();
  return (
    <>
      <Meter size={size} revision={server.revision} />
      {size.items.length === 0 ? (
        <p className={styles['soft']}>{text(SIZE.nothing)}</p>
      ) : (
        <div className={styles['columns']}>
          <Card title={text(SIZE.gateways)}>
            <Table
              label={text(SIZE.gateways)}
              columns={gatewayColumns(formats, size.estimatedTokens)}
              rows={size.gateways}
              keyOf={({ gateway }) => gateway}
            />
          </Card>
          <Card title={text(SIZE.list)}>
            <Table
              label={text(SIZE.list)}
              columns={itemColumns}
              rows={size.items}
              keyOf={({ gateway, own }) => `${gateway} ${own}`}
            />
          </Card>
        </div>
      )}
    </>
  );
}

function Meter({ size, revision }: { size: ServerSize; revision: number }): ReactNode {
  const { text, number } = useFormats();
  const composing = useComposing();
  const { estimatedTokens, limitTokens, items, kind } = size;
  const gone = items.filter((item) => !isKept(item, composing));
  const saved = gone.reduce((sum, item) => sum + item.estimatedTokens, 0);
  const known = new Set(items.map(keyOfSized));
  const added = composing.composed.items.filter(
    (item) => item.item.kind === kind && isOn(item) && !known.has(item.key),
  ).length;
  const said = text(SIZE.meter, { tokens: number(estimatedTokens), limit: number(limitTokens) });
  return (
    <Card title={text(SIZE.title)}>
      <p className={styles['soft']}>{text(SIZE.lead, { revision })}</p>
      <p className={styles['big']}>{said}</p>
      <meter
        className={styles['meter']}
        aria-label={said}
        min={0}
        max={Math.max(limitTokens, estimatedTokens)}
        high={limitTokens}
        optimum={0}
        value={estimatedTokens}
      />
      {estimatedTokens > limitTokens && <Notice tone="warn">{text(SIZE.over, { limit: number(limitTokens) })}</Notice>}
      {gone.length > 0 && (
        <Notice tone="good">{text(SIZE.saved, { count: gone.length, tokens: number(saved) })}</Notice>
      )}
      {added > 0 && <p className={styles['soft']}>{text(SIZE.added, { count: added })}</p>}
    </Card>
  );
}

function useItemColumns(): Column<SizedItem>[] {
  const { text, number } = useFormats();
  const composing = useComposing();
  const { composed, fields, set, mayEdit } = composing;
  const toggle = ({ gateway, kind, own }: SizedItem, isWanted: boolean): void => {
    const isByRule = (key: string): boolean => (composed.byKey.get(key)?.rules.length ?? 0) > 0;
    set({ items: (isWanted ? takeIn : leaveOut)(fields.items, [{ gateway, kind, name: own }], isByRule) });
  };
  return [
    {
      name: 'on',
      title: '',
      width: '2rem',
      cell: (item) => (
        <input
          type="checkbox"
          className={styles['tick']}
          aria-label={text(SIZE.keep, { name: showHidden(item.exposed) })}
          checked={isKept(item, composing)}
          disabled={!mayEdit}
          onChange={(event) => toggle(item, event.target.checked)}
        />
      ),
    },
    {
      name: 'item',
      title: text(SIZE.item),
      width: '3fr',
      cell: ({ exposed, gateway }) => (
        <span className={styles['two']}>
          <code title={showHidden(exposed)}>{showHidden(exposed)}</code>
          <span className={styles['soft']}>{gateway}</span>
        </span>
      ),
    },
    {
      name: 'tokens',
      title: text(SIZE.tokens),
      width: '5rem',
      isNumber: true,
      cell: ({ estimatedTokens }) => number(estimatedTokens),
    },
  ];
}

function gatewayColumns({ text, number }: Formats, total: number): Column<ServerSize['gateways'][number]>[] {
  return [
    { name: 'gateway', title: text(SIZE.gateway), width: '3fr', cell: ({ gateway }) => gateway },
    { name: 'items', title: text(SIZE.items), width: '4rem', isNumber: true, cell: ({ items }) => number(items) },
    {
      name: 'tokens',
      title: text(SIZE.tokens),
      width: '5rem',
      isNumber: true,
      cell: ({ estimatedTokens }) => number(estimatedTokens),
    },
    {
      name: 'share',
      title: text(SIZE.share),
      width: '4rem',
      isNumber: true,
      cell: ({ estimatedTokens }) => `${Math.round((100 * estimatedTokens) / Math.max(total, 1))} %`,
    },
  ];
}

/** Whether the draft still has it; nothing is known of gateways that are not read yet. */
function isKept(item: SizedItem, { composed, isReading }: Composing): boolean {
  return isReading || isOn(composed.byKey.get(keyOfSized(item)));
}

function keyOfSized({ gateway, kind, own }: SizedItem): string {
  return keyOf({ gateway, kind, name: own });
}
