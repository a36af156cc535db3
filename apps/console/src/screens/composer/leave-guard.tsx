import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Draft } from '../../editing/use-draft.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { useChangedNames } from './changed-names.js';
import type { ServerDraft } from './server-draft.js';
import { COMPOSER } from './texts.js';

/** Asks before changes are lost that nobody could bring back: they are nowhere but in this page. */
export function LeaveGuard({ draft }: { draft: Draft<ServerDraft> }): ReactNode {
  const { text, list } = useFormats();
  const names = useChangedNames(draft);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => draft.isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: draft.isChanged,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  const actions = (
    <>
      <Button onClick={blocker.reset}>{text(COMPOSER.stay)}</Button>
      <Button look="danger" onClick={blocker.proceed}>
        {text(COMPOSER.go)}
      </Button>
    </>
  );
  return (
    <Dialog title={text(COMPOSER.leaveTitle)} onClose={blocker.reset} actions={actions}>
      <p>{text(COMPOSER.leave, { fields: list(names) })}</p>
    </Dialog>
  );
}
