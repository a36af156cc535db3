import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Versioned } from '../../api/client.js';
import { type Key, revokeKey } from '../../api/keys.js';
import { isProblem } from '../../api/problem.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Row } from '../../ui/page.js';
import { Failed } from '../../ui/states.js';
import { useToasts } from '../../ui/toasts.js';
import { LastUse } from './key-facts.js';
import { KEYS } from './texts.js';

interface RevokeKeyProps {
  read: Versioned<Key>;
  onBack: () => void;
  onRevoked: () => void;
}

/** Revokes a key for good. What says who would be cut off stands above the button. */
export function RevokeKey({ read: { value, etag }, onBack, onRevoked }: RevokeKeyProps): ReactNode {
  const { text } = useFormats();
  const toasts = useToasts();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeKey(value.id, etag),
    onSuccess: () => {
      toasts.done(text(KEYS.revoked, { name: value.name }));
      onRevoked();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
  const isOutdated = isProblem(revoke.error, 'precondition_failed');
  return (
    <>
      <p>{text(KEYS.revokeLead)}</p>
      <Notice tone={value.lastUsedAt === null ? 'neutral' : 'warn'}>
        {value.lastUsedAt === null ? (
          text(KEYS.revokeUnused)
        ) : (
          <>
            {`${text(KEYS.revokeUsed)} `}
            <LastUse current={value} />
          </>
        )}
      </Notice>
      {(value.replaces ?? value.replacedBy) !== null && <p>{text(KEYS.revokeChain)}</p>}
      {isOutdated && <Notice tone="bad">{text(KEYS.changedSince)}</Notice>}
      {revoke.error && !isOutdated && <Failed error={revoke.error} title={text(KEYS.notRevoked)} />}
      <Row>
        <Button look="danger" isBusy={revoke.isPending} onClick={() => revoke.mutate()}>
          {text(KEYS.revokeGo)}
        </Button>
        <Button onClick={onBack}>{text(KEYS.back)}</Button>
      </Row>
    </>
  );
}
