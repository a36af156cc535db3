import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { deleteServer, readServer, type Server } from '../../api/servers.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { TextField } from '../../ui/field.js';
import { Card, Row } from '../../ui/page.js';
import { Failed } from '../../ui/states.js';
import { useToasts } from '../../ui/toasts.js';
import styles from './composer.module.css';
import { SETTINGS } from './settings-texts.js';

/** Deletes a virtual server, after its slug was typed: nothing brings its names back. */
export function DeleteServer({ server }: { server: Server }): ReactNode {
  const { text } = useFormats();
  const [isOpen, setOpen] = useState(false);
  return (
    <Card title={text(SETTINGS.delete)}>
      <p className={styles['soft']}>{text(SETTINGS.deleteLead)}</p>
      <Row>
        <Button look="danger" onClick={() => setOpen(true)}>
          {text(SETTINGS.delete)}
        </Button>
      </Row>
      {isOpen && <DeleteDialog server={server} onClose={() => setOpen(false)} />}
    </Card>
  );
}

function DeleteDialog({ server, onClose }: { server: Server; onClose: () => void }): ReactNode {
  const { text } = useFormats();
  const { name, slug } = server;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const [typed, setTyped] = useState('');
  const deleting = useMutation({
    // The slug was typed for what it is now, whatever it was when the page was opened.
    mutationFn: async () => deleteServer(slug, (await readServer(slug)).etag),
    onSuccess: async () => {
      toasts.done(text(SETTINGS.deleted, { name }));
      await navigate({ to: '/servers', search: {}, ignoreBlocker: true });
      queries.removeQueries({ queryKey: ['servers', 'one', slug] });
      await queries.invalidateQueries({ queryKey: ['servers'] });
    },
  });
  const go = (
    <Button
      look="danger"
      disabled={typed.trim() !== slug}
      isBusy={deleting.isPending}
      onClick={() => deleting.mutate()}
    >
      {text(SETTINGS.delete)}
    </Button>
  );
  return (
    <Dialog title={text(SETTINGS.deleteTitle, { name })} onClose={onClose} actions={go}>
      <p>{text(SETTINGS.deleteLead)}</p>
      <TextField label={text(SETTINGS.deleteType, { slug })} value={typed} onValue={setTyped} />
      {deleting.error && <Failed error={deleting.error} />}
    </Dialog>
  );
}
