import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue } from 'react';
import { type Setting, settings } from '../../api/settings.js';
import { type Message, useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { Card } from '../../ui/page.js';
import { Empty, Shown } from '../../ui/states.js';
import styles from './settings.module.css';
import { VALUES } from './texts.js';

const route = getRouteApi('/settings');

/** What the registry was started with, group by group. */
export function SettingList(): ReactNode {
  const { text } = useFormats();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const { q = '', set } = useDeferredValue(search);
  const all = useQuery(settings());
  const change = (next: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...next }, replace: true });
  return (
    <>
      <p className={styles['lead']}>{text(VALUES.lead)}</p>
      <FilterBar>
        <TextField
          label={text(VALUES.search)}
          type="search"
          value={search.q ?? ''}
          onValue={(next) => change({ q: next })}
        />
        <SelectField
          label={text(VALUES.which)}
          value={search.set === 'yes' ? 'yes' : ''}
          choices={[
            { value: '', label: text(VALUES.all) },
            { value: 'yes', label: text(VALUES.set) },
          ]}
          onValue={(next) => change({ set: next })}
        />
      </FilterBar>
      <Shown query={all}>
        {(items) => {
          const found = items.filter((item) => (set !== 'yes' || item.isSet) && matches(item, q));
          if (found.length > 0) return <Groups items={found} />;
          const clear = <Button onClick={() => change({ q: undefined, set: undefined })}>{text(VALUES.clear)}</Button>;
          return (
            <Empty title={text(VALUES.none)} action={clear}>
              {text(VALUES.noneLead)}
            </Empty>
          );
        }}
      </Shown>
    </>
  );
}

function matches({ name, description }: Setting, q: string): boolean {
  return `${name} ${description}`.toLowerCase().includes(q.trim().toLowerCase());
}

function Groups({ items }: { items: readonly Setting[] }): ReactNode {
  const { text } = useFormats();
  const groups = [...new Set(items.map(({ group }) => group))];
  const names = new Map<string, Message>(Object.entries(VALUES));
  return groups.map((group) => {
    const name = names.get(group);
    return (
      <Card key={group} title={name ? text(name) : group}>
        <ul className={styles['rows']}>
          {items
            .filter((item) => item.group === group)
            .map((item) => (
              <li key={item.name} className={styles['setting']}>
                <SettingRow setting={item} />
              </li>
            ))}
        </ul>
      </Card>
    );
  });
}

function SettingRow({ setting }: { setting: Setting }): ReactNode {
  const { text } = useFormats();
  const { name, description, isSet, isSecret, value, isDefault } = setting;
  const instead = setting.default !== null && !isDefault && text(VALUES.wouldBe, { value: setting.default });
  const absent = isSecret ? text(isSet ? VALUES.secretSet : VALUES.secretUnset) : text(VALUES.empty);
  return (
    <>
      <div>
        <code className={styles['variable']}>{name}</code>
        <p className={styles['soft']}>{description}</p>
      </div>
      <div className={styles['value']}>
        {value === null ? <span className={styles['soft']}>{absent}</span> : <code>{value}</code>}{' '}
        {isSet && <Badge tone="good">{text(VALUES.isSet)}</Badge>}
        {!isSet && value !== null && <Badge tone="plain">{text(VALUES.isDefault)}</Badge>}
        {instead !== false && <p className={styles['soft']}>{instead}</p>}
      </div>
    </>
  );
}
