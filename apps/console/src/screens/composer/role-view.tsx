import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { type Server, serverSize } from '../../api/servers.js';
import { useFormats } from '../../text/text.js';
import { TextField } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { Table } from '../../ui/table.js';
import { SEE } from './access-texts.js';
import styles from './composer.module.css';

/** What the registry takes as roles: `*`, or names with commas between. */
const ROLES = /^(\*|[A-Za-z0-9][\w.:/@-]{0,63}(,[A-Za-z0-9][\w.:/@-]{0,63}){0,31})$/;

/** The tools that a caller with a role sees, as the registry measures them. */
export function RoleView({ server }: { server: Server }): ReactNode {
  const { text } = useFormats();
  const [role, setRole] = useState('*');
  const asked = useDeferredValue(role.replaceAll(' ', ''));
  return (
    <Card title={text(SEE.title)}>
      <p className={styles['soft']}>{text(SEE.lead, { revision: server.revision })}</p>
      <TextField label={text(SEE.role)} hint={text(SEE.roleHint)} value={role} onValue={setRole} />
      {ROLES.test(asked) && <Seen server={server} role={asked} />}
    </Card>
  );
}

function Seen({ server, role }: { server: Server; role: string }): ReactNode {
  const { text, number } = useFormats();
  const size = useQuery({ ...serverSize(server.slug, 'tool', role), placeholderData: (before) => before });
  const all = server.exposed.filter(({ kind }) => kind === 'tool').length;
  return (
    <Shown query={size}>
      {({ total, estimatedTokens, items }) => (
        <>
          <p role="status">{text(SEE.sees, { count: total, all, tokens: number(estimatedTokens) })}</p>
          {items.length > 0 && (
            <Table
              label={text(SEE.list, { role })}
              columns={[
                {
                  name: 'tool',
                  title: text(SEE.tool),
                  width: '2fr',
                  cell: ({ exposed }) => <code title={exposed}>{exposed}</code>,
                },
                { name: 'gateway', title: text(SEE.gateway), width: '1fr', cell: ({ gateway }) => gateway },
              ]}
              rows={items}
              keyOf={({ exposed }) => exposed}
            />
          )}
        </>
      )}
    </Shown>
  );
}
