import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Server } from '../../api/servers.js';
import { type Formats, useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Row } from '../../ui/page.js';
import type { Column } from '../../ui/table.js';
import { SERVERS } from './texts.js';

/** The columns of the list of virtual servers. */
export function columnsOf({ text, list, number }: Formats): Column<Server>[] {
  return [
    {
      name: 'name',
      title: text(SERVERS.name),
      width: '3fr',
      cell: ({ name, slug }) => (
        <Link to="/servers/$ref" params={{ ref: slug }} title={slug}>
          {name}
        </Link>
      ),
    },
    { name: 'state', title: text(SERVERS.state), width: '3fr', cell: (server) => <ServerState server={server} /> },
    {
      name: 'tools',
      title: text(SERVERS.tools),
      width: '4rem',
      isNumber: true,
      cell: ({ exposed }) => number(exposed.filter(({ kind }) => kind === 'tool').length),
    },
    {
      name: 'gateways',
      title: text(SERVERS.gateways),
      width: '3fr',
      cell: ({ gateways }) => <span title={list(gateways)}>{gatewaysIn(gateways, text)}</span>,
    },
    { name: 'access', title: text(SERVERS.access), width: '3fr', cell: (server) => accessOf(server, text) },
  ];
}

/** Whether it is on, and what of it wants to be looked at. */
function ServerState({ server }: { server: Server }): ReactNode {
  const { text } = useFormats();
  const { enabled, leftOut, lost, warnings, curationWarnings } = server;
  const warned = warnings.length + curationWarnings.length;
  return (
    <Row>
      <Badge tone={enabled ? 'good' : 'neutral'}>{text(enabled ? SERVERS.on : SERVERS.off)}</Badge>
      {leftOut.length > 0 && <Badge tone="warn">{text(SERVERS.leftOut, { count: leftOut.length })}</Badge>}
      {lost.length > 0 && <Badge tone="warn">{text(SERVERS.lost, { count: lost.length })}</Badge>}
      {warned > 0 && <Badge tone="warn">{text(SERVERS.warnings, { count: warned })}</Badge>}
    </Row>
  );
}

function gatewaysIn(gateways: readonly string[], text: Formats['text']): string {
  const [first = '–', ...others] = gateways;
  return others.length > 1 ? text(SERVERS.more, { first, count: others.length }) : gateways.join(', ') || first;
}

function accessOf({ access, grants }: Server, text: Formats['text']): string {
  const who = typeof access === 'string' ? text(SERVERS[access]) : text(SERVERS.jwt, { issuer: access.issuer });
  const roles = new Set(grants?.map(({ role }) => role));
  return roles.size === 0 ? who : `${who} · ${text(SERVERS.roles, { count: roles.size })}`;
}
