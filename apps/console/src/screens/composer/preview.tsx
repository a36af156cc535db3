import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Card } from '../../ui/page.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import { type ComposedItem, isOn } from './composition.js';
import { ITEMS, PREVIEW } from './item-texts.js';
import { ItemDialog } from './item-dialog.js';
import { PreviewTable } from './preview-table.js';

const SHOWS = ['all', 'renamed', 'added', 'clash', 'off'] as const;
type Show = (typeof SHOWS)[number];

/** What clients will see, with the names that items will have. */
export function Preview(): ReactNode {
  const { text } = useFormats();
  const { composed, isReading, mayEdit } = useComposing();
  const [show, setShow] = useState<Show>('all');
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<string>();
  const q = useDeferredValue(search);
  const isAdded = useIsAdded();
  const rows = useMemo(
    () => composed.items.filter((item) => isShown(item, show, isAdded) && isNamedLike(item, q)),
    [composed, show, q, isAdded],
  );
  const clashes = composed.items.filter(({ name }) => name?.by === 'clash').length;
  const about = edited === undefined ? undefined : composed.byKey.get(edited);
  return (
    <Card title={text(PREVIEW.title)}>
      <Counts />
      {isReading && <Notice>{text(PREVIEW.reading)}</Notice>}
      {clashes > 0 && (
        <Notice tone="bad" actions={<Button onClick={() => setShow('clash')}>{text(PREVIEW.showClashes)}</Button>}>
          {text(PREVIEW.clashes, { count: clashes })}
        </Notice>
      )}
      {composed.items.length === 0 ? (
        <p className={styles['soft']}>{text(PREVIEW.empty)}</p>
      ) : (
        <div className={styles['pair']}>
          <TextField label={text(PREVIEW.search)} type="search" value={search} onValue={setSearch} />
          <SelectField
            label={text(PREVIEW.show)}
            value={show}
            choices={SHOWS.map((value) => ({ value, label: text(PREVIEW[value]) }))}
            onValue={setShow}
          />
        </div>
      )}
      {rows.length > 0 && <PreviewTable rows={rows} isAdded={isAdded} onEdit={mayEdit ? setEdited : undefined} />}
      {rows.length === 0 && composed.items.length > 0 && <p className={styles['soft']}>{text(ITEMS.nothing)}</p>}
      {about && <ItemDialog key={about.key} composed={about} onClose={() => setEdited(undefined)} />}
    </Card>
  );
}

function Counts(): ReactNode {
  const { text } = useFormats();
  const { composed } = useComposing();
  const on = composed.items.filter(isOn);
  const tools = on.filter(({ item }) => item.kind === 'tool').length;
  return (
    <p className={styles['soft']}>
      <strong>{text(PREVIEW.counts, { tools, others: on.length - tools })}</strong>. {text(PREVIEW.expected)}
    </p>
  );
}

/** Whether an item is not published yet. */
function useIsAdded(): (key: string) => boolean {
  const { server } = useComposing();
  return useMemo(() => {
    const published = new Set(server?.exposed.map(({ gateway, kind, own }) => `${gateway} ${kind} ${own}`));
    return (key) => server !== undefined && !published.has(key);
  }, [server]);
}

function isShown(composed: ComposedItem, show: Show, isAdded: (key: string) => boolean): boolean {
  const { key, item, name } = composed;
  if (show === 'renamed') return isOn(composed) && name?.exposed !== item.name;
  if (show === 'added') return isOn(composed) && isAdded(key);
  if (show === 'clash') return name?.by === 'clash';
  if (show === 'off') return !isOn(composed);
  return true;
}

function isNamedLike({ gateway, item, name }: ComposedItem, q: string): boolean {
  const text = `${name?.exposed ?? ''} ${gateway} ${item.name} ${item.title}`.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
