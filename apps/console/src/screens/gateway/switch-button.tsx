import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Versioned } from '../../api/client.js';
import { changeGateway } from '../../api/gateway-changes.js';
import { type Gateway, oneGateway } from '../../api/gateways.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { useToasts } from '../../ui/toasts.js';
import { GATEWAY } from './texts.js';

/** Switches a gateway on or off, at once, with an undo. */
export function SwitchButton({ read: { value: gateway, etag } }: { read: Versioned<Gateway> }): ReactNode {
  const { text } = useFormats();
  const toasts = useToasts();
  const queries = useQueryClient();
  const change = async (enabled: boolean, known: string | undefined): Promise<Versioned<Gateway>> => {
    try {
      return await changeGateway(gateway.id, { enabled }, known);
    } finally {
      await queries.invalidateQueries({ queryKey: ['gateways'] });
    }
  };
  const flip = useMutation({
    mutationFn: () => change(!gateway.enabled, etag),
    onSuccess: (saved) => {
      queries.setQueryData(oneGateway(gateway.slug).queryKey, saved);
      const said = saved.value.enabled ? GATEWAY.switchedOn : GATEWAY.switchedOff;
      toasts.done(text(said, { name: gateway.name }), () => change(!saved.value.enabled, saved.etag));
    },
    onError: toasts.failed,
  });
  return (
    <Button isBusy={flip.isPending} onClick={() => flip.mutate()}>
      {text(gateway.enabled ? GATEWAY.switchOff : GATEWAY.switchOn)}
    </Button>
  );
}
