import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Key } from '../../api/keys.js';
import { KeyEnd, KeyState } from '../../parts/key-end.js';
import { ServerName } from '../../parts/server-field.js';
import { type Formats, useFormats } from '../../text/text.js';
import { Moment } from '../../ui/moment.js';
import { useNarrow } from '../../ui/narrow.js';
import { type Column, Table } from '../../ui/table.js';
import styles from './keys.module.css';
import { KEYS } from './texts.js';

const route = getRouteApi('/keys');
/** Virtual servers that a row names. */
const NAMED = 2;

interface KeysTableProps {
  rows: readonly Key[];
  hasMore: boolean;
  onMore: () => void;
}

/** The list of keys. */
export function KeysTable(props: KeysTableProps): ReactNode {
  const { text } = useFormats();
  const isNarrow = useNarrow();
  const columns = isNarrow ? [nameColumn(text), stateColumn(text, '9rem')] : columnsOf(text);
  return <Table {...props} label={text(KEYS.list)} columns={columns} keyOf={({ id }) => id} />;
}

function columnsOf(text: Formats['text']): Column<Key>[] {
  return [
    nameColumn(text),
    stateColumn(text, '2fr'),
    { name: 'servers', title: text(KEYS.servers), width: '3fr', cell: ({ servers }) => <Servers servers={servers} /> },
    {
      name: 'roles',
      title: text(KEYS.roles),
      width: '2fr',
      cell: ({ roles }) => roles.join(', ') || text(KEYS.noRoles),
    },
    { name: 'ends', title: text(KEYS.ends), width: '7rem', cell: (key) => <KeyEnd expiresAt={key.expiresAt} /> },
    { name: 'used', title: text(KEYS.used), width: '8rem', cell: ({ lastUsedAt }) => <Used at={lastUsedAt} /> },
  ];
}

function nameColumn(text: Formats['text']): Column<Key> {
  return {
    name: 'name',
    title: text(KEYS.name),
    width: '3fr',
    cell: (key) => <KeyLink id={key.id}>{key.name}</KeyLink>,
  };
}

function stateColumn(text: Formats['text'], width: string): Column<Key> {
  return { name: 'state', title: text(KEYS.state), width, cell: (key) => <KeyState {...key} /> };
}

/** A key that opens where one is. */
export function KeyLink({ id, children }: { id: string; children: ReactNode }): ReactNode {
  const search = route.useSearch();
  return (
    <Link to="/keys" search={{ ...search, key: id }} replace>
      {children}
    </Link>
  );
}

/** The virtual servers of a key. */
export function Servers({ servers, most = NAMED }: { servers: Key['servers']; most?: number }): ReactNode {
  const { text } = useFormats();
  if (servers === '*') return text(KEYS.allServers);
  const more = servers.length - most;
  return (
    <span className={styles['servers']}>
      {servers.slice(0, most).map((id) => (
        <span key={id}>
          <ServerName id={id} />
        </span>
      ))}
      {more > 0 && <span>{text(KEYS.more, { count: more })}</span>}
    </span>
  );
}

/** When a key was used last. */
export function Used({ at }: { at: string | null }): ReactNode {
  const { text } = useFormats();
  return at === null ? text(KEYS.never) : <Moment at={at} />;
}
