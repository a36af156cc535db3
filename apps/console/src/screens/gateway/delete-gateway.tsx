import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Versioned } from '../../api/client.js';
import { deleteGateway, restoreGateway } from '../../api/gateway-changes.js';
import type { Gateway } from '../../api/gateways.js';
import { serversWithGateway } from '../../api/servers-with-gateway.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { CheckField } from '../../ui/field.js';
import { Card, Row } from '../../ui/page.js';
import { Failed, Shown } from '../../ui/states.js';
import { useToasts } from '../../ui/toasts.js';
import { EDIT } from './edit-texts.js';
import styles from './gateway.module.css';

/** Deletes a gateway, after it has said which virtual servers have it. An undo registers it again. */
export function DeleteGateway({ read }: { read: Versioned<Gateway> }): ReactNode {
  const { text } = useFormats();
  const [isOpen, setOpen] = useState(false);
  return (
    <Card title={text(EDIT.deleteTitle)}>
      <p>{text(EDIT.deleteText)}</p>
      <Row>
        <Button look="danger" onClick={() => setOpen(true)}>
          {text(EDIT.delete)}
        </Button>
      </Row>
      {isOpen && <DeleteDialog read={read} onClose={() => setOpen(false)} />}
    </Card>
  );
}

function DeleteDialog({ read, onClose }: { read: Versioned<Gateway>; onClose: () => void }): ReactNode {
  const { text } = useFormats();
  const { slug, name, kept } = read.value;
  const servers = useQuery(serversWithGateway(slug));
  const [isForced, setForced] = useState(false);
  const remove = useDeletion(read);
  const count = servers.data?.length ?? 0;
  const isReady = servers.data !== undefined && (count === 0 || isForced);
  const actions = (
    <>
      <Button onClick={onClose}>{text(EDIT.deleteCancel)}</Button>
      <Button look="danger" disabled={!isReady} isBusy={remove.isPending} onClick={() => remove.mutate(count > 0)}>
        {text(EDIT.delete)}
      </Button>
    </>
  );
  return (
    <Dialog title={text(EDIT.deleteAsk, { name })} onClose={onClose} actions={actions}>
      <Shown query={servers}>
        {(found) =>
          found.length === 0 ? (
            <p>{text(EDIT.deleteNone)}</p>
          ) : (
            <>
              <ServersThatLose servers={found} />
              <CheckField label={text(EDIT.deleteAnyway, { count })} isOn={isForced} onValue={setForced} />
            </>
          )
        }
      </Shown>
      {kept && <p>{text(EDIT.deleteKept)}</p>}
      <p className={styles['soft']}>{text(EDIT.deleteUndo)}</p>
      {remove.error && <Failed error={remove.error} title={text(EDIT.notDeleted)} />}
    </Dialog>
  );
}

/** Most virtual servers that are named. */
const MOST_NAMED = 10;

function ServersThatLose({ servers }: { servers: readonly { slug: string; name: string }[] }): ReactNode {
  const { text } = useFormats();
  return (
    <div>
      <p>{text(EDIT.deleteServers)}</p>
      <ul className={styles['list']}>
        {servers.slice(0, MOST_NAMED).map(({ slug, name }) => (
          <li key={slug}>
            <Link to="/servers/$ref" params={{ ref: slug }}>
              {name}
            </Link>
          </li>
        ))}
        {servers.length > MOST_NAMED && <li>{text(EDIT.deleteMore, { count: servers.length - MOST_NAMED })}</li>}
      </ul>
    </div>
  );
}

function useDeletion({ value: gateway, etag }: Versioned<Gateway>) {
  const { text } = useFormats();
  const toasts = useToasts();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (isForced: boolean) => deleteGateway(gateway.id, isForced, etag),
    onSuccess: async () => {
      await navigate({ to: '/gateways' });
      queries.removeQueries({ queryKey: ['gateways', 'one', gateway.slug] });
      await queries.invalidateQueries();
      toasts.done(text(EDIT.deleted, { name: gateway.name }), async () => {
        await restoreGateway(gateway);
        await queries.invalidateQueries();
        await navigate({ to: '/gateways/$ref', params: { ref: gateway.slug } });
      });
    },
  });
}
