import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { type Catalogue, type GatewayItem, ITEM_KINDS } from '../../api/gateway-items.js';
import { GatewayField } from '../../parts/gateway-field.js';
import { KIND } from '../../parts/item-kind.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { Card, Row } from '../../ui/page.js';
import { Loading } from '../../ui/states.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import { isOn } from './composition.js';
import { ITEMS } from './item-texts.js';
import { PickerTable } from './picker-table.js';
import { type ItemRef, leaveOut, takeIn } from './picks.js';
import { isSame } from '../../editing/three-way.js';
import { useCatalogues } from './use-catalogues.js';

/** Takes items of one gateway, by ticking them. */
export function Picker(): ReactNode {
  const { text } = useFormats();
  const { catalogues } = useComposing();
  const [typed, setTyped] = useState<string>();
  const slug = typed ?? catalogues[0]?.slug ?? '';
  const wanted = useDeferredValue(slug);
  const { all, isReading } = useCatalogues([], [], [wanted]);
  const [catalogue] = all;
  return (
    <Card title={text(ITEMS.pickTitle)}>
      <GatewayField label={text(ITEMS.gateway)} hint={text(ITEMS.gatewayHint)} value={slug} onValue={setTyped} />
      {catalogues.length > 1 && (
        <Row>
          {catalogues.slice(0, 8).map((each) => (
            <Button key={each.slug} isSmall aria-pressed={each.slug === slug} onClick={() => setTyped(each.slug)}>
              {each.name}
            </Button>
          ))}
        </Row>
      )}
      {slug === '' && <p className={styles['soft']}>{text(ITEMS.noGateway)}</p>}
      {slug !== '' && isReading && <Loading />}
      {slug !== '' && !isReading && !catalogue && <p className={styles['soft']}>{text(ITEMS.noCatalogue)}</p>}
      {catalogue && <GatewayItems key={catalogue.slug} catalogue={catalogue} />}
    </Card>
  );
}

function GatewayItems({ catalogue }: { catalogue: Catalogue }): ReactNode {
  const { text } = useFormats();
  const [search, setSearch] = useState('');
  const [kind, setKind] = useState<GatewayItem['kind'] | ''>('');
  const [tag, setTag] = useState('');
  const q = useDeferredValue(search);
  const shown = useMemo(() => itemsLike(catalogue, q, kind, tag), [catalogue, q, kind, tag]);
  const kinds = ITEM_KINDS.filter((each) => catalogue.items.some((item) => item.kind === each));
  const tags = useMemo(() => [...new Set(catalogue.items.flatMap((item) => item.tags))].sort(), [catalogue]);
  const any = { value: '', label: text(ITEMS.any) } as const;
  if (!catalogue.isVerified) return <p className={styles['soft']}>{text(ITEMS.unverified)}</p>;
  return (
    <>
      <div className={styles['pair']}>
        <TextField label={text(ITEMS.search)} type="search" value={search} onValue={setSearch} />
        {kinds.length > 1 && (
          <SelectField
            label={text(ITEMS.kind)}
            value={kind}
            choices={[any, ...kinds.map((value) => ({ value, label: text(KIND[value]) }))]}
            onValue={setKind}
          />
        )}
        {tags.length > 0 && (
          <SelectField
            label={text(ITEMS.tag)}
            value={tag}
            choices={[any, ...tags.map((value) => ({ value, label: value }))]}
            onValue={setTag}
          />
        )}
      </div>
      <PickerActions slug={catalogue.slug} shown={shown} />
      <PickerTable slug={catalogue.slug} items={shown} />
    </>
  );
}

function PickerActions({ slug, shown }: { slug: string; shown: readonly GatewayItem[] }): ReactNode {
  const { text } = useFormats();
  const { fields, set, composed } = useComposing();
  const refs = shown.map(({ kind, name }): ItemRef => ({ gateway: slug, kind, name }));
  const isByRule = (key: string): boolean => (composed.byKey.get(key)?.rules.length ?? 0) > 0;
  const isAllTaken = fields.include.some((rule) => isSame(rule, { gateway: slug }));
  const on = refs.filter(({ kind, name }) => isOn(composed.byKey.get(`${slug} ${kind} ${name}`)));
  return (
    <Row>
      <Button
        isSmall
        disabled={on.length === refs.length}
        onClick={() => set({ items: takeIn(fields.items, refs, isByRule) })}
      >
        {text(ITEMS.take, { count: refs.length })}
      </Button>
      <Button isSmall disabled={on.length === 0} onClick={() => set({ items: leaveOut(fields.items, refs, isByRule) })}>
        {text(ITEMS.leave, { count: refs.length })}
      </Button>
      <Button isSmall disabled={isAllTaken} onClick={() => set({ include: [...fields.include, { gateway: slug }] })}>
        {text(ITEMS.takeAll)}
      </Button>
    </Row>
  );
}

function itemsLike({ items }: Catalogue, q: string, kind: string, tag: string): readonly GatewayItem[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && kind === '' && tag === '') return items;
  return items.filter((item) => {
    if ((kind !== '' && item.kind !== kind) || (tag !== '' && !item.tags.includes(tag))) return false;
    const text = `${item.name} ${item.title} ${item.description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
