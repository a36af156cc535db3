import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Administrator } from '../../api/administrators.js';
import { endsSoon } from '../../parts/key-end.js';
import { useSession } from '../../session/session.js';
import { type Formats, useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Moment } from '../../ui/moment.js';
import { useNarrow } from '../../ui/narrow.js';
import { Row } from '../../ui/page.js';
import { type Column, Table } from '../../ui/table.js';
import { ADMINS } from './texts.js';

interface AdministratorsTableProps {
  rows: readonly Administrator[];
  hasMore: boolean;
  onMore: () => void;
}

/** The list of administrators, oldest first. */
export function AdministratorsTable(props: AdministratorsTableProps): ReactNode {
  const { text } = useFormats();
  const isNarrow = useNarrow();
  const columns = columnsOf(text);
  return (
    <Table
      {...props}
      label={text(ADMINS.list)}
      columns={isNarrow ? columns.filter(({ name }) => name === 'name' || name === 'state') : columns}
      keyOf={({ id }) => id}
    />
  );
}

function columnsOf(text: Formats['text']): Column<Administrator>[] {
  return [
    { name: 'name', title: text(ADMINS.name), width: '3fr', cell: (row) => <Name administrator={row} /> },
    {
      name: 'state',
      title: text(ADMINS.state),
      width: '3fr',
      cell: (row) => <AdministratorState administrator={row} />,
    },
    { name: 'role', title: text(ADMINS.role), width: '6rem', cell: ({ role }) => text(ADMINS[role]) },
    { name: 'ends', title: text(ADMINS.ends), width: '8rem', cell: ({ expiresAt }) => <At time={expiresAt} /> },
    { name: 'used', title: text(ADMINS.used), width: '8rem', cell: ({ lastUsedAt }) => <At time={lastUsedAt} /> },
    { name: 'by', title: text(ADMINS.createdBy), width: '2fr', cell: ({ createdBy }) => createdBy?.name ?? '–' },
  ];
}

function Name({ administrator: { id, name } }: { administrator: Administrator }): ReactNode {
  const { text } = useFormats();
  return (
    <Row>
      <Link to="/administrators" search={{ administrator: id }} replace>
        {name}
      </Link>
      {useIsSelf(id) && <Badge tone="plain">{text(ADMINS.you)}</Badge>}
    </Row>
  );
}

/** Whether an administrator is the one who is signed in, with a token of Lethe. */
export function useIsSelf(id: string): boolean {
  const { administrator } = useSession();
  return administrator?.kind === 'administrator' && administrator.id === id;
}

/** Whether the token works, and what about it wants to be looked at. */
export function AdministratorState({ administrator }: { administrator: Administrator }): ReactNode {
  const { text } = useFormats();
  const [nowMs] = useState(Date.now);
  const { enabled, expiresAt, previousTokenUntil } = administrator;
  const hasEnded = expiresAt !== null && Date.parse(expiresAt) <= nowMs;
  const isSoon = enabled && !hasEnded && endsSoon(expiresAt, nowMs);
  return (
    <Row>
      {!enabled && <Badge tone="bad">{text(ADMINS.off)}</Badge>}
      {hasEnded && <Badge tone="bad">{text(ADMINS.ended)}</Badge>}
      {enabled && !hasEnded && (
        <Badge tone={isSoon ? 'warn' : 'good'}>{text(isSoon ? ADMINS.soon : ADMINS.active)}</Badge>
      )}
      {previousTokenUntil !== null && <Badge tone="plain">{text(ADMINS.twoTokens)}</Badge>}
    </Row>
  );
}

/** A time, or that there is none. */
export function At({ time }: { time: string | null }): ReactNode {
  const { text } = useFormats();
  return time === null ? text(ADMINS.never) : <Moment at={time} />;
}
