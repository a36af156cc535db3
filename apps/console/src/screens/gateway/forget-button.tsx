import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Versioned } from '../../api/client.js';
import type { Gateway } from '../../api/gateways.js';
import { forgetCredential } from '../../api/kept-credential.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Failed } from '../../ui/states.js';
import { useToasts } from '../../ui/toasts.js';
import { CREDENTIAL } from './credential-texts.js';
import styles from './gateway.module.css';

/** Forgets what is kept for a gateway, after it has said what follows: that can't be undone. */
export function ForgetButton({ read: { value: gateway, etag } }: { read: Versioned<Gateway> }): ReactNode {
  const { text } = useFormats();
  const toasts = useToasts();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const forget = useMutation({
    mutationFn: () => forgetCredential(gateway.id, etag),
    onSuccess: async ({ isEverywhere }) => {
      setOpen(false);
      toasts.done(text(CREDENTIAL.forgotten, { isEverywhere: isEverywhere ? 'yes' : 'no' }));
      await queries.invalidateQueries({ queryKey: ['gateways'] });
    },
  });
  return (
    <>
      <Button look="danger" isSmall onClick={() => setOpen(true)}>
        {text(CREDENTIAL.forget)}
      </Button>
      {isOpen && (
        <Dialog
          title={text(CREDENTIAL.forgetTitle, { name: gateway.name })}
          onClose={() => setOpen(false)}
          actions={
            <>
              <Button onClick={() => setOpen(false)}>{text(CREDENTIAL.cancel)}</Button>
              <Button look="danger" isBusy={forget.isPending} onClick={() => forget.mutate()}>
                {text(CREDENTIAL.forget)}
              </Button>
            </>
          }
        >
          <ul className={styles['list']}>
            <li>{text(CREDENTIAL.follows1)}</li>
            <li>{text(CREDENTIAL.follows2)}</li>
            <li>{text(CREDENTIAL.follows3)}</li>
          </ul>
          {forget.error && <Failed error={forget.error} />}
        </Dialog>
      )}
    </>
  );
}
