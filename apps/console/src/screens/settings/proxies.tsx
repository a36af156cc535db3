import type { ReactNode } from 'react';
import type { Status } from '../../api/status.js';
import { type Formats, useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Moment } from '../../ui/moment.js';
import { useNarrow } from '../../ui/narrow.js';
import { Card } from '../../ui/page.js';
import { Empty } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { SETTINGS } from './texts.js';

/** A live proxy; workers of one host are told apart by their place in the list. */
type Proxy = Status['proxies'][number] & { place: number };

interface ProxiesProps {
  proxies: Status['proxies'];
  /** The newest published revision. */
  revision: number;
}

/** The proxies that are alive, and whether they serve the newest revision. */
export function Proxies({ proxies, revision }: ProxiesProps): ReactNode {
  const formats = useFormats();
  const { text } = formats;
  const isNarrow = useNarrow();
  const columns = columnsOf(formats, revision);
  return (
    <Card title={text(SETTINGS.proxies)}>
      {proxies.length === 0 ? (
        <Empty title={text(SETTINGS.noProxies)}>{text(SETTINGS.noProxiesLead)}</Empty>
      ) : (
        <Table
          label={text(SETTINGS.proxyList)}
          columns={isNarrow ? columns.filter(({ name }) => name === 'host' || name === 'lag') : columns}
          rows={proxies.map((proxy, place) => ({ ...proxy, place }))}
          keyOf={({ host, place }) => `${place} ${host}`}
        />
      )}
    </Card>
  );
}

function columnsOf({ text, number }: Formats, revision: number): Column<Proxy>[] {
  return [
    { name: 'host', title: text(SETTINGS.host), width: '3fr', cell: ({ host }) => <span title={host}>{host}</span> },
    {
      name: 'lag',
      title: text(SETTINGS.lag),
      width: '3fr',
      cell: ({ confirmedRevision }) => <Lag revisions={behind(confirmedRevision, revision)} />,
    },
    {
      name: 'confirmed',
      title: text(SETTINGS.confirmed),
      width: '6rem',
      isNumber: true,
      cell: ({ confirmedRevision }) => (confirmedRevision === null ? '–' : number(confirmedRevision)),
    },
    {
      name: 'kept',
      title: text(SETTINGS.kept),
      width: '2fr',
      cell: ({ opensKept }) => text(opensKept ? SETTINGS.opensKept : SETTINGS.opensNone),
    },
    { name: 'seen', title: text(SETTINGS.seen), width: '2fr', cell: ({ seenAt }) => <Moment at={seenAt} /> },
  ];
}

/** By how many revisions a proxy is behind; undefined while it is not known. It may know a newer one than was read here. */
function behind(confirmed: number | null, newest: number): number | undefined {
  return confirmed === null ? undefined : Math.max(0, newest - confirmed);
}

function Lag({ revisions }: { revisions: number | undefined }): ReactNode {
  const { text } = useFormats();
  if (revisions === undefined) return <Badge>{text(SETTINGS.unknown)}</Badge>;
  if (revisions === 0) return <Badge tone="good">{text(SETTINGS.current)}</Badge>;
  return <Badge tone="warn">{text(SETTINGS.behind, { count: revisions })}</Badge>;
}
